import type { ProvenanceFigure } from '@telltale/contracts';
import { provenanceFigures } from '@telltale/contracts';
import * as fc from 'fast-check';
import { decoderOf } from '../decoding/decoders';
import { viewOf, type SessionState } from '../projecting';
import { decodeSource, MemoryReadModel, type SourceFile } from '../testing';
import { everyCorpus } from '../testing/every-corpus';
import { statedBy, type Statement, type Whereabouts } from './statement';
import { traceFigure, type SessionTrace } from './trace-figure';
import { counted } from './traced';

const now = Date.UTC(2100, 0, 1);

interface Read {
  readonly model: MemoryReadModel;
  readonly statements: Map<string, Statement[]>;
}

function read(files: readonly SourceFile[]): Read {
  const model = new MemoryReadModel();
  const statements = new Map<string, Statement[]>();
  for (const file of files) {
    const decoder = decoderOf(file.source);
    if (decoder === undefined) throw new Error(`no decoder for ${file.source}`);
    const { observations } = decodeSource(decoder, file);
    model.apply(observations, file.source);
    observations.forEach((one, n) => {
      const place = { host: file.host, path: file.path, generation: 'g' };
      const where: Whereabouts = {
        place: one.place,
        bytes: 1,
        kind: file.fact,
        generation: 'g',
        file: place,
      };
      const known = statements.get(one.sessionId) ?? [];
      statements.set(one.sessionId, known);
      known.push(...statedBy(one, now).map((stated) => ({ ...stated, at: one.at, n, where })));
    });
  }
  return { model, statements };
}

function traceOf({ model, statements }: Read, state: SessionState): SessionTrace {
  const own = [...model.items.values()].filter(({ sessionId }) => sessionId === state.id);
  const owners = [...model.items.values()].filter((item) => item.counted);
  const rows = [...model.usage.values()];
  const keys = new Set(
    rows.filter((row) => [row.sessionId, row.owner].includes(state.id)).map(({ messageKey }) => messageKey),
  );
  return {
    sessionId: state.id,
    state,
    statements: statements.get(state.id) ?? [],
    items: own,
    rows: rows.filter(({ messageKey }) => keys.has(messageKey)),
    owners: new Map(owners.map(({ key, sessionId }) => [key, sessionId])),
    sessions: new Map(
      [...model.sessions.values()].map(({ id, startedAt, registers }) => [
        id,
        { startedAt: startedAt || null, forked: registers.forkedFrom !== undefined },
      ]),
    ),
  };
}

function figureOf(state: SessionState, figure: ProvenanceFigure): number {
  const { stats } = viewOf(state, now).summary;
  if (figure === 'objectives') return stats.objectives.total;
  if (figure.startsWith('tokens.'))
    return stats.tokens[figure.slice('tokens.'.length) as keyof typeof stats.tokens];
  return stats[figure as 'messages' | 'costUsd'] ?? 0;
}

const nothingHeld = /no longer|does not hold/;

describe.each(Object.entries(everyCorpus))('provenance in %s', (_, corpus) => {
  it('names records that sum to each figure, and says of every other why it does not count', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        const all = read(files);
        for (const state of all.model.sessions.values()) {
          const trace = traceOf(all, state);
          for (const figure of provenanceFigures) expectSum(trace, figure);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives each record one verdict, in order of time', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        const all = read(files);
        for (const state of all.model.sessions.values()) {
          for (const figure of provenanceFigures) {
            const traced = traceFigure(traceOf(all, state), figure);
            const told = traced.flatMap(({ statement }) => statement ?? []);
            expect(new Set(told).size).toBe(told.length);
            expect(traced.map(({ at }) => at)).toEqual(traced.map(({ at }) => at).sort((a, b) => a - b));
            for (const { verdict } of traced) expect(verdict).not.toMatch(nothingHeld);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

function expectSum(trace: SessionTrace, figure: ProvenanceFigure): void {
  const that = traceFigure(trace, figure).filter(({ verdict }) => verdict === counted);
  const expected = figureOf(trace.state, figure);
  if (!figure.endsWith('Usd')) {
    expect([figure, that.reduce((sum, { value }) => sum + value, 0)]).toEqual([figure, expected]);
    return;
  }
  const pico = that.reduce((sum, { value }) => sum + BigInt(Math.round(value * 1e12)), 0n);
  expect([figure, Number(pico) / 1e12]).toEqual([figure, expected]);
}
