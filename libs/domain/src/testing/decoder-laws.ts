import * as fc from 'fast-check';
import type { SourceDecoder } from '../decoding/decoder';
import type { Observation } from '../observation';
import { MemoryReadModel } from './memory-read-model';
import { decodeSource, type SourceFile } from './source-file';

/** A decoder with the generator of what it reads: whole sets of files, copies and broken lines among them. */
export interface LawSubject {
  readonly decoder: SourceDecoder;
  readonly corpus: fc.Arbitrary<readonly SourceFile[]>;
}

/** The laws that hold for every decoder, as tests. Call it within a `describe`. */
export function testDecoderLaws({ decoder, corpus }: LawSubject): void {
  const shown = (files: readonly SourceFile[]): unknown => {
    const model = new MemoryReadModel();
    for (const file of files) model.apply(decodeSource(decoder, file).observations, file.source);
    return model.shown();
  };

  it('does not depend on the order of files, nor on seeing them twice', () => {
    const mixed = corpus.chain((files) =>
      fc.tuple(
        fc.constant(files),
        fc.shuffledSubarray([...files, ...files], { minLength: 2 * files.length }),
      ),
    );
    fc.assert(
      fc.property(mixed, ([files, twice]) => expect(shown(twice)).toEqual(shown(files))),
      { numRuns: 60 },
    );
  });

  it('does not depend on how a file is cut into calls: the state between them is JSON', () => {
    fc.assert(
      fc.property(corpus, fc.integer({ min: 1, max: 20 }), (files, cut) => {
        for (const file of files)
          expect(decodeSource(decoder, file, cut)).toEqual(decodeSource(decoder, file));
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on how what it says is cut into batches', () => {
    fc.assert(
      fc.property(corpus, fc.integer({ min: 1, max: 7 }), (files, size) => {
        const model = new MemoryReadModel();
        for (const file of files) {
          const { observations } = decodeSource(decoder, file);
          for (let i = 0; i < observations.length; i += size)
            model.apply(observations.slice(i, i + size), file.source);
        }
        expect(model.shown()).toEqual(shown(files));
      }),
      { numRuns: 40 },
    );
  });

  it('never throws and stays bounded, whatever a line holds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
      fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
    );
    const line = fc.oneof(text, mutated(corpus), retyped(corpus));
    fc.assert(
      fc.property(
        corpus,
        line,
        ([file], hostile) => file === undefined || expectSafe(decoder, file, hostile),
      ),
      { numRuns: 800 },
    );
  });
}

const pathological = fc.constantFrom<unknown>(
  null,
  '',
  '\ud800',
  '\0',
  1e308,
  -1,
  0.5,
  '__proto__',
  'x'.repeat(5000),
  [],
  {},
  [[]],
  [null],
  { type: 'text', text: 5 },
);

/** A line of the corpus with a piece cut out, doubled or replaced. */
function mutated(corpus: LawSubject['corpus']): fc.Arbitrary<string> {
  return fc
    .tuple(lineOf(corpus), fc.nat(2000), fc.nat(40), fc.string({ unit: 'binary', maxLength: 5 }))
    .map(([line, at, length, text]) => line.slice(0, at) + text + line.slice(at + length));
}

/** A line of the corpus one of whose values is of another type. */
function retyped(corpus: LawSubject['corpus']): fc.Arbitrary<string> {
  return fc.tuple(lineOf(corpus), fc.nat(60), pathological).map(([line, at, value]) => {
    let n = 0;
    try {
      return JSON.stringify(JSON.parse(line), (_, inner: unknown) => (n++ === at ? value : inner)) ?? line;
    } catch {
      return line;
    }
  });
}

function lineOf(corpus: LawSubject['corpus']): fc.Arbitrary<string> {
  return corpus
    .map((files) => files.flatMap((file) => file.lines))
    .chain((lines) => (lines.length === 0 ? fc.constant('{}') : fc.constantFrom(...lines)));
}

/** A refused line changes nothing; what is said can be stored; the state is JSON and small. */
function expectSafe(decoder: SourceDecoder, file: SourceFile, line: string): void {
  const { lines, ...context } = file;
  const { state } = decodeSource(decoder, { ...file, lines: lines.slice(0, 5) });
  const before = JSON.stringify(state);
  const sink: Observation[] = [];
  const outcome = decoder.decodeLine(state, line, context, { sequence: 1, line: 0, offset: 0 }, sink);
  if (!outcome.ok) {
    expect(outcome.reason).not.toContain('decoder fault');
    expect([JSON.stringify(state), sink.length]).toEqual([before, 0]);
  }
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expect(JSON.stringify(state).length).toBeLessThan(200_000);
  expectStorable(sink);
  for (const one of sink) if ('key' in one) decoder.fullText(line, one.key);
  new MemoryReadModel().apply(sink, file.source);
}

function expectStorable(value: unknown): void {
  if (typeof value === 'string') expectStorableText(value);
  if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0))
    throw new Error(`${value} is no figure`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    expectStorableText(key);
    if (key === 'step' && inner === -1) continue; // a test run's picture from before its first step
    expectStorable(inner);
  }
}

function expectStorableText(text: string): void {
  if (!text.isWellFormed() || text.includes('\0'))
    throw new Error(`Postgres refuses ${JSON.stringify(text)}`);
  if (Buffer.byteLength(text) > 4096) throw new Error(`${text.length} characters are kept of a text`);
}
