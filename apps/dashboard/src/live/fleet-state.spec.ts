import type { Delta, SessionChanges, Summary } from '@telltale/contracts';
import fc from 'fast-check';
import { sampleDelta, sampleSummary } from '../testing/samples';
import { applyToFleet, byAttention, emptyFleet, mergeLoaded } from './fleet-state';
import { RevisionChain } from './revision-chain';

const ids = ['a', 'b', 'c'];
const start = mergeLoaded(
  emptyFleet,
  ids.map((id) => sampleSummary({ id })),
  true,
);

const changes: fc.Arbitrary<SessionChanges> = fc.oneof(
  fc.record({ branch: fc.string(), status: fc.constantFrom('running' as const, 'idle' as const) }),
  fc.record({ currentStep: fc.option(fc.string()) }),
  fc.constant({ deleted: true as const }),
  fc.string().map((title): SessionChanges => sampleSummary({ title })),
);
const history = fc
  .array(fc.tuple(fc.constantFrom(...ids, 'd'), changes), { minLength: 1, maxLength: 12 })
  .map((steps) =>
    steps.map(([sessionId, change], n): Delta => {
      const whole: SessionChanges = 'nativeId' in change ? { ...change, id: sessionId } : change;
      return sampleDelta(n, whole, { sessionId });
    }),
  );

describe('applyToFleet', () => {
  it('replaces what is named and keeps what is not', () => {
    const { sessions } = applyToFleet(start, [
      sampleDelta(0, { branch: 'fix', waitingFor: null }, { sessionId: 'a' }),
    ]);
    expect(sessions.get('a')).toEqual({ ...sampleSummary({ id: 'a' }), branch: 'fix' });
    expect(sessions.get('b')).toBe(start.sessions.get('b'));
  });

  it('adds a new session, and asks for one it knows too little of', () => {
    const whole = sampleSummary({ id: 'new' });
    const deltas = [
      sampleDelta(0, whole, { sessionId: 'new' }),
      sampleDelta(1, { branch: 'x' }, { sessionId: 'old' }),
    ];
    const state = applyToFleet(start, deltas);
    expect(state.sessions.get('new')).toEqual(whole);
    expect([...state.missing]).toEqual(['old']);
  });

  it('removes a deleted session for good', () => {
    const state = applyToFleet(start, [sampleDelta(0, { deleted: true }, { sessionId: 'a' })]);
    expect([...state.sessions.keys()]).toEqual(['b', 'c']);
  });

  it('law: deltas out of order and repeated end in the state of the ordered ones', () => {
    fc.assert(
      fc.property(
        history.chain((deltas) =>
          fc.tuple(
            fc.constant(deltas),
            fc.shuffledSubarray(deltas, { minLength: deltas.length }),
            fc.array(fc.constantFrom(...deltas), { maxLength: 6 }),
          ),
        ),
        ([deltas, shuffled, repeated]) => {
          const chain = new RevisionChain();
          chain.adopt('g.0');
          let state = start;
          for (const delta of [...shuffled, ...repeated])
            state = applyToFleet(state, chain.accept([delta], 0));
          const expected = applyToFleet(start, deltas);
          expect(new Map(state.sessions)).toEqual(new Map(expected.sessions));
          expect(state.missing).toEqual(expected.missing);
        },
      ),
    );
  });
});

describe('mergeLoaded', () => {
  it('does not let an older page undo what deltas brought', () => {
    const current = applyToFleet(start, [sampleDelta(0, { branch: 'new' }, { sessionId: 'a' })]);
    const page = [sampleSummary({ id: 'a', branch: 'stale' }), sampleSummary({ id: 'z' })];
    expect(mergeLoaded(current, page, false).sessions.get('a')?.branch).toBe('new');
    expect(mergeLoaded(current, page, false).sessions.has('z')).toBe(true);
    expect(mergeLoaded(current, page, true).sessions.get('a')?.branch).toBe('stale');
  });
});

describe('byAttention', () => {
  it('puts waiting sessions first, then the latest activity', () => {
    const sessions: Summary[] = [
      sampleSummary({ id: 'old', lastActivityAt: '2026-03-01T01:00:00.000Z' }),
      sampleSummary({ id: 'unknown', lastActivityAt: null }),
      sampleSummary({ id: 'waits', status: 'waiting', lastActivityAt: '2026-03-01T00:00:00.000Z' }),
      sampleSummary({ id: 'new', lastActivityAt: '2026-03-01T02:00:00.000Z' }),
    ];
    expect(sessions.sort(byAttention).map((session) => session.id)).toEqual([
      'waits',
      'new',
      'old',
      'unknown',
    ]);
  });
});
