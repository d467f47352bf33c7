import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { claudeTranscript, geminiChat, splitGeminiChat } from '@telltale/domain';
import {
  codexCorpus,
  contextOf,
  corpus,
  geminiCorpus,
  hasSamples,
  openCodeCorpus,
  samplesFolder,
  testRunCorpus,
  type SourceFile,
} from '@telltale/domain/testing';
import * as fc from 'fast-check';
import { Masker } from '../masking/masker';
import { secretRules } from '../rules/rule-set';
import { SecretSearch } from '../secrets/secret-search';
import { countsOf } from '../testing/counts';

const search = new SecretSearch(secretRules);
const maskers = (['preview', 'none'] as const).map((mode) => [mode, new Masker(search, mode)] as const);

function masked(file: SourceFile, masker: Masker): SourceFile {
  const bytes = Buffer.from(file.lines.map((line) => `${line}\n`).join(''));
  return { ...file, lines: Buffer.from(masker.lines(bytes).bytes).toString().split('\n').slice(0, -1) };
}

function expectEqualCounts(files: readonly SourceFile[]): void {
  const full = countsOf(files);
  for (const [mode, masker] of maskers)
    expect({ mode, counts: countsOf(files.map((file) => masked(file, masker))) }).toEqual({
      mode,
      counts: full,
    });
}

describe('previews only, or numbers only, come to the same figures', () => {
  const claude = corpus.map((files) =>
    files.map(({ path, lines }): SourceFile => ({ ...contextOf(path), lines })),
  );
  const corpora: [string, fc.Arbitrary<readonly SourceFile[]>][] = [
    ['Claude Code', claude],
    ['Codex', codexCorpus.map(({ files }) => files).filter((files) => !files.some(isToldByWords))],
    // Of two lists of one instant the greater text wins: that is no figure.
    ['Gemini', geminiCorpus.filter((files) => files.every(({ lines }) => lines.every(hasOneList)))],
    ['OpenCode', openCodeCorpus],
    ['UI tests', testRunCorpus],
  ];
  it.each(corpora)(
    '%s',
    (_name, files) => {
      fc.assert(fc.property(files, expectEqualCounts), { numRuns: 40 });
    },
    120_000,
  );
});

test('nothing that was said is left of it', () => {
  const said = 'PLUTONIUM';
  const none = new Masker(search, 'none');
  const files = fc.oneof(
    codexCorpus.map((one) => one.files),
    geminiCorpus,
    openCodeCorpus,
    testRunCorpus,
    claudeFiles(),
  );
  fc.assert(
    fc.property(files, (all) => {
      for (const file of all.map((one) => withWord(one, said)))
        expect(masked(file, none).lines.join()).not.toContain(said);
    }),
    { numRuns: 60 },
  );
}, 120_000);

function claudeFiles(): fc.Arbitrary<readonly SourceFile[]> {
  return corpus.map((files) => files.map(({ path, lines }): SourceFile => ({ ...contextOf(path), lines })));
}

/** A fork from before turns had ids: what is its parent's is told by the words alone, and words of one length are one. */
function isToldByWords({ lines }: SourceFile): boolean {
  const isFork = lines.some((line) => line.includes('"forked_from_id"'));
  return isFork && lines.some((line) => line.includes('"turn_context"') && !line.includes('"turn_id"'));
}

function hasOneList(line: string): boolean {
  return line.split('"write_todos"').length <= 2;
}

/** The word put before every text that more than one word makes, as people and tools write them. */
function withWord(file: SourceFile, word: string): SourceFile {
  const lines = file.lines.map((line) => line.replace(/"(?=[^"\\]+ [^"\\]+"[,}\]])/g, `"${word} `));
  return { ...file, lines };
}

if (hasSamples) {
  describe('of real transcripts too', () => {
    const folders: [string, () => SourceFile[]][] = [
      ['claude-code', () => claudeSamples('claude-code')],
      ['claude-growth', () => claudeSamples('claude-growth')],
      ['codex', () => lineSamples('codex', 'codex', '.jsonl')],
      ['agent-fixtures/codex', () => lineSamples('agent-fixtures/codex', 'codex', '.jsonl')],
      ['gemini', () => geminiSamples('gemini')],
      ['uitest', () => lineSamples('uitest/results', 'ui-test', 'output.json')],
    ];
    it.each(folders)(
      '%s',
      (_name, filesOf) => {
        const files = filesOf();
        expect(files.length).toBeGreaterThan(0);
        expectEqualCounts(files);
      },
      120_000,
    );
  });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function lineSamples(folder: string, source: SourceFile['source'], suffix: string): SourceFile[] {
  const root = join(samplesFolder, folder);
  return filesBelow(root)
    .filter((path) => path.endsWith(suffix))
    .map((path) => {
      const text = readFileSync(path, 'utf8');
      const lines =
        suffix === '.jsonl' ? text.split('\n').filter((line) => line !== '') : [text.replaceAll('\n', ' ')];
      return { source, host: 'atlas', root, path, fact: 'file.appended', lines };
    });
}

/** Wherever they lie among the samples: below a project. */
function claudeSamples(folder: string): SourceFile[] {
  return lineSamples(folder, 'claude-code', '.jsonl')
    .map((file) => ({
      ...file,
      path: file.path.includes('/projects/') ? file.path : join(file.root, 'projects/p', basename(file.path)),
    }))
    .filter(({ root, path }) => claudeTranscript(root, path).kind !== 'other');
}

function geminiSamples(folder: string): SourceFile[] {
  return lineSamples(folder, 'gemini', '.json')
    .filter(({ root, path }) => geminiChat(root, path)?.format === 'document')
    .map((file) => {
      const elements = splitGeminiChat(JSON.parse(readFileSync(file.path, 'utf8'))) ?? [];
      return { ...file, fact: 'file.replaced', lines: elements.map((element) => JSON.stringify(element)) };
    });
}
