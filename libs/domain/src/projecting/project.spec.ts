import * as fc from 'fast-check';
import { claudeCodeDecoder } from '../decoding/claude-code';
import type { Observation } from '../observation';
import { contextOf, corpus, countSlowly, MemoryReadModel, type TranscriptFile } from '../testing';
import { emptySession } from './session-state';
import { viewOf } from './view';

/** A file's lines from `from` to `to` as one batch, decoded with the state that the lines before left behind. */
class FileReader {
  private readonly state;
  private readonly context;
  private read = 0;
  private offset = 0;

  constructor(
    private readonly file: TranscriptFile,
    private readonly sequence: number,
  ) {
    this.context = contextOf(file.path);
    this.state = claudeCodeDecoder.initialState(this.context);
  }

  get done(): boolean {
    return this.read >= this.file.lines.length;
  }

  take(count: number): Observation[] {
    const sink: Observation[] = [];
    for (const line of this.file.lines.slice(this.read, this.read + count)) {
      // A state survives being stored between any two lines.
      claudeCodeDecoder.decodeLine(
        this.state,
        line,
        this.context,
        { sequence: this.sequence, line: this.read, offset: this.offset },
        sink,
      );
      this.offset += line.length + 1;
      this.read++;
    }
    return sink;
  }
}

function inOneGo(files: readonly TranscriptFile[]): MemoryReadModel {
  const model = new MemoryReadModel();
  files.forEach((file, n) => model.apply(new FileReader(file, n + 1).take(Infinity)));
  return model;
}

/** Reads the files in turns as `steps` says: which file (modulo those not done), how many lines. */
function inSteps(
  files: readonly TranscriptFile[],
  steps: readonly { file: number; lines: number }[],
): MemoryReadModel {
  const model = new MemoryReadModel();
  const readers = files.map((file, n) => new FileReader(file, n + 1));
  for (let n = 0; readers.some((reader) => !reader.done); n++) {
    const open = readers.filter((reader) => !reader.done);
    const step = steps[n % steps.length] ?? { file: 0, lines: 1 };
    model.apply(open[step.file % open.length]?.take(step.lines) ?? []);
  }
  return model;
}

const steps = fc.array(fc.record({ file: fc.nat(20), lines: fc.integer({ min: 1, max: 9 }) }), {
  minLength: 1,
  maxLength: 30,
});

describe('laws of the projection', () => {
  it('does not depend on chunk boundaries or on the order across files', () => {
    fc.assert(
      fc.property(corpus, steps, (files, plan) => {
        expect(inSteps(files, plan).shown()).toEqual(inOneGo(files).shown());
      }),
      { numRuns: 60 },
    );
  });

  it('counts nothing twice when everything is read again', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        const model = inOneGo(files);
        const once = model.shown();
        files.forEach((file, n) => model.apply(new FileReader(file, n + 1).take(Infinity)));
        expect(model.shown()).toEqual(once);
      }),
      { numRuns: 40 },
    );
  });

  it('agrees with a slow count of the raw lines', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        const model = inOneGo(files);
        const oracle = countSlowly(files);
        for (const [id, expected] of oracle.sessions) {
          const state = model.sessions.get(id) ?? emptySession(id, 'claude-code');
          const { prompts, messages, toolCalls } = viewOf(state, 0).summary.stats;
          const { models, startedAt: _, ...counts } = expected;
          expect({ id, prompts, messages, toolCalls }).toEqual({ id, ...counts });
          for (const [name, { entries, ...tokens }] of models) {
            if (entries > 0) expect(state.models[name]).toMatchObject(tokens);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
