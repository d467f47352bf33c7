import * as fc from 'fast-check';
import { decoderOf } from '../decoding/decoders';
import type { Observation } from '../observation';
import { emptySession, viewOf, type SessionState } from '../projecting';
import { decodeSource, MemoryReadModel, type SourceFile } from '../testing';
import { everyCorpus } from '../testing/every-corpus';
import { Replay } from './replay';
import { ToldRecords } from './told-records';

const now = Date.UTC(2100, 0, 1);

interface Played {
  readonly model: MemoryReadModel;
  readonly observations: readonly Observation[];
}

function play(files: readonly SourceFile[]): Played {
  const model = new MemoryReadModel();
  const observations: Observation[] = [];
  for (const file of files) {
    const decoder = decoderOf(file.source);
    if (decoder === undefined) throw new Error(`no decoder for ${file.source}`);
    const said = decodeSource(decoder, file).observations;
    model.apply(said, file.source);
    observations.push(...said);
  }
  return { model, observations };
}

function replayOf({ model, observations }: Played, state: SessionState, stored = state): Replay {
  const records = new ToldRecords(state.id, state.source);
  for (const observation of observations) records.add(observation, now);
  const replay = new Replay({
    state: stored,
    records,
    items: [...model.items.values()].filter(
      ({ sessionId, counted, used }) => sessionId === state.id && counted && used,
    ),
    usage: [...model.usage.values()].flatMap((usage) =>
      usage.owner === state.id
        ? [{ ...usage.row, owner: state.id, costPico: usage.costPico, reportedPico: usage.row.reportedPico }]
        : [],
    ),
  });
  Array.from(replay.prepare());
  return replay;
}

const shown = (state: SessionState, at = now) => {
  const { summary, detail } = viewOf(state, at);
  return { summary, detail };
};

/** Sessions that began, in each of which something may be asked. */
function visible(model: MemoryReadModel): SessionState[] {
  return [...model.sessions.values()].filter(({ startedAt }) => startedAt > 0);
}

describe.each(Object.entries(everyCorpus))('the replay of %s', (_, corpus) => {
  it('ends at the session as it is now, also where only the log tells of it', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        const played = play(files);
        for (const state of visible(played.model)) {
          expect(shown(replayOf(played, state).stateAt(now))).toEqual(shown(state));
          const nothing = emptySession(state.id, state.source);
          const told = replayOf(played, state, nothing).stateAt(now);
          expect(shown(told)).toEqual(shown(state));
        }
      }),
      { numRuns: 120 },
    );
  });

  it('never falls as time goes on, and begins with nothing', () => {
    fc.assert(
      fc.property(corpus, (files) => {
        const played = play(files);
        for (const state of visible(played.model)) {
          const replay = replayOf(played, state);
          expect(replay.stateAt(state.startedAt - 1).startedAt).toBe(0);
          let before = figures(replay.stateAt(0));
          for (const at of momentsOf(played, state)) {
            const after = figures(replay.stateAt(at));
            after.forEach((figure, n) => expect(figure).toBeGreaterThanOrEqual(before[n] ?? 0));
            before = after;
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('says what a read model said that had seen nothing later', () => {
    fc.assert(
      fc.property(corpus, fc.integer({ min: 0, max: 1000 }), (files, share) => {
        const played = play(files);
        for (const state of visible(played.model)) {
          const moments = momentsOf(played, state);
          const at = moments[Math.floor((share / 1000) * (moments.length - 1))] ?? now;
          const then = new MemoryReadModel();
          then.apply(
            played.observations.filter((one) => knownAt(one, state) <= at),
            state.source,
          );
          const known = then.sessions.get(state.id);
          if (known === undefined || known.startedAt === 0) continue;
          expect(saidIn(replayOf(played, state).stateAt(at), at)).toEqual(saidIn(known, at));
        }
      }),
      { numRuns: 120 },
    );
  });
});

/** A list of objectives without a time was there when it was seen, which here is at the session's end. */
function knownAt(one: Observation, { lastActivityAt }: SessionState): number {
  const isList = one.type === 'registers' && one.registers.todoList !== undefined;
  return isList && one.at === 0 ? lastActivityAt : one.at;
}

function momentsOf({ observations }: Played, { id }: SessionState): number[] {
  const times = observations.filter(({ sessionId }) => sessionId === id).map(({ at }) => at);
  return [...new Set(times)].sort((a, b) => a - b);
}

function figures(state: SessionState): number[] {
  const { messages, prompts, toolCalls, toolErrors, errors, screenshots, tokens, costUsd } = viewOf(
    state,
    now,
  ).summary.stats;
  return [
    ...[messages, prompts, toolCalls, toolErrors, errors, screenshots, costUsd ?? 0],
    ...Object.values(tokens),
  ];
}

/** What a session said of itself; what counts is decided by all that came, also later. */
function saidIn(state: SessionState, at: number): unknown {
  const { summary, detail } = viewOf(state, at);
  const { branch, phase, model, status, startedAt, lastActivityAt, currentStep } = summary;
  const agents = detail.agents.map(({ stats: _, ...agent }) => agent);
  const { objectives, links, errors, screenshots, rateLimits, test } = detail;
  return {
    ...{ branch, phase, model, status, startedAt, lastActivityAt, currentStep },
    ...{ agents, objectives, links, errors, screenshots, rateLimits, test },
  };
}
