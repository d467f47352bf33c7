import type { Source } from '@telltale/contracts';
import { claudeCodeDecoder } from './claude-code';
import { codexDecoder } from './codex';
import type { SourceDecoder } from './decoder';
import { geminiDecoder } from './gemini';
import { openCodeDecoder } from './opencode';
import { pushDecoder } from './push';
import { uiTestDecoder } from './ui-test';

/** The tools whose records can be read. A new one gets a line here and a folder of its own. */
const decoders: Record<Source, SourceDecoder> = {
  'claude-code': claudeCodeDecoder,
  codex: codexDecoder,
  gemini: geminiDecoder,
  opencode: openCodeDecoder,
  push: pushDecoder,
  'ui-test': uiTestDecoder,
};

/** Undefined for a source this build cannot read. */
export function decoderOf(source: string): SourceDecoder | undefined {
  return Object.hasOwn(decoders, source) ? decoders[source as Source] : undefined;
}

/** The version of each source's decoder. */
export function decoderVersions(): Record<string, number> {
  return Object.fromEntries(Object.entries(decoders).map(([source, decoder]) => [source, decoder.version]));
}
