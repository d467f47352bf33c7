import * as fc from 'fast-check';
import { codexCorpus } from './codex-corpus';
import { contextOf } from './decode-file';
import { geminiCorpus } from './gemini-chats';
import { openCodeCorpus } from './opencode-corpus';
import { corpus } from './render';
import type { SourceFile } from './source-file';
import { testRunCorpus } from '../decoding/ui-test/testing/test-runs';

/** What may lie on a disk, of every source that is watched: whole sets of files, with forks, copies and broken lines. */
export const everyCorpus: Readonly<Record<string, fc.Arbitrary<readonly SourceFile[]>>> = {
  'claude-code': corpus.map((files) =>
    files.map(({ path, lines }) => ({ ...contextOf(path), lines: [...lines] })),
  ),
  codex: codexCorpus.map(({ files }) => files),
  gemini: geminiCorpus,
  opencode: openCodeCorpus,
  'ui-test': testRunCorpus,
};
