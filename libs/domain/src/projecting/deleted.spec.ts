import * as fc from 'fast-check';
import { claudeCodeDecoder } from '../decoding/claude-code';
import type { Observation } from '../observation';
import { contextOf, corpus, MemoryReadModel, type TranscriptFile } from '../testing';
import { mergeSession } from './merge-session';
import { emptySession, isVisible, tombstone } from './session-state';

function observationsOf(file: TranscriptFile, sequence: number): Observation[] {
  const context = contextOf(file.path);
  const state = claudeCodeDecoder.initialState(context);
  const sink: Observation[] = [];
  let offset = 0;
  file.lines.forEach((line, n) => {
    claudeCodeDecoder.decodeLine(state, line, context, { sequence, line: n, offset }, sink);
    offset += line.length + 1;
  });
  return sink;
}

interface Shown {
  readonly sessions: readonly { readonly summary: { readonly id: string } }[];
}

/** All that is shown but for the one session, of which nothing but its id may be left. */
function others(model: MemoryReadModel, deleted: string): unknown {
  const shown = model.shown() as Shown;
  return { ...shown, sessions: shown.sessions.filter(({ summary }) => summary.id !== deleted) };
}

/** Batches of all files in turns, as the plan says. */
function batches(files: readonly TranscriptFile[], plan: readonly number[]): Observation[][] {
  const rest = files.map((file, n) => observationsOf(file, n + 1));
  const taken: Observation[][] = [];
  for (let n = 0; rest.some((all) => all.length > 0); n++) {
    const open = rest.filter((all) => all.length > 0);
    const turn = plan[n % plan.length] ?? 0;
    taken.push((open[turn % open.length] ?? []).splice(0, 1 + (turn % 7)));
  }
  return taken;
}

const plans = fc.array(fc.nat(20), { minLength: 1, maxLength: 30 });

describe('a deleted session', () => {
  it('is gone whenever it is deleted, and all others are as if it had never been', () => {
    fc.assert(
      fc.property(corpus, plans, fc.nat(), fc.nat(), (files, plan, which, when) => {
        const all = batches(files, plan);
        const ids = [...new Set(all.flat().map(({ sessionId }) => sessionId))].sort();
        fc.pre(ids.length > 0);
        const deleted = ids[which % ids.length] ?? '';

        const without = new MemoryReadModel();
        for (const batch of all) without.apply(batch.filter(({ sessionId }) => sessionId !== deleted));

        const model = new MemoryReadModel();
        const at = when % (all.length + 1);
        all.forEach((batch, n) => {
          if (n === at) model.delete(deleted);
          model.apply(batch);
        });
        if (at === all.length) model.delete(deleted);
        expect(others(model, deleted)).toEqual(others(without, deleted));
        expect(model.sessions.get(deleted)).toEqual(tombstone(deleted, 'claude-code'));

        // Said again, or deleted again, it changes nothing.
        for (const batch of all) model.apply(batch);
        model.delete(deleted);
        expect(others(model, deleted)).toEqual(others(without, deleted));
        expect([...model.items.values()].some(({ sessionId }) => sessionId === deleted)).toBe(false);
      }),
      { numRuns: 80 },
    );
  });

  it('is no session, and nothing is left of what was said of it', () => {
    const known = {
      ...emptySession('s', 'codex'),
      startedAt: 5,
      registers: { aiTitle: { value: 'a secret', at: 5, offset: 0 } },
    };
    const merged = mergeSession(known, tombstone('s', 'codex'));
    expect(merged).toEqual(tombstone('s', 'codex'));
    expect(isVisible(merged)).toBe(false);
    expect(mergeSession(tombstone('s', 'codex'), known)).toEqual(merged);
  });

  it('is of the source that its deletion names, whichever is said first', () => {
    const [a, b] = [tombstone('s', 'codex'), tombstone('s', 'claude-code')];
    expect(mergeSession(a, b)).toEqual(mergeSession(b, a));
    expect(mergeSession(emptySession('s', 'push'), a).source).toBe('codex');
  });
});
