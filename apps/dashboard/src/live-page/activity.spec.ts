import { applyToFleet, emptyFleet, mergeLoaded } from '../live/fleet-state';
import { sampleDelta, sampleStats, sampleSummary } from '../testing/samples';
import { activityAtFirst, activityOf } from './activity';

const before = mergeLoaded(emptyFleet, [sampleSummary({ id: 's1', currentStep: 'Reading a.ts' })], true);
const steps = (...deltas: ReturnType<typeof sampleDelta>[]): string[] =>
  activityOf({ deltas, before, after: applyToFleet(before, deltas) }).map((entry) => entry.step);

describe('activityOf', () => {
  it('tells each new step, once', () => {
    expect(
      steps(
        sampleDelta(0, { currentStep: 'Editing b.ts' }),
        sampleDelta(1, { currentStep: 'Editing b.ts', branch: 'x' }),
        sampleDelta(2, { currentStep: 'Running npm test' }),
      ),
    ).toEqual(['Editing b.ts', 'Running npm test']);
  });

  it('tells of waiting, ends, objectives, errors and prompts', () => {
    expect(steps(sampleDelta(0, { status: 'waiting', waitingFor: 'allow Bash' }))).toEqual([
      'waits for you: allow Bash',
    ]);
    expect(steps(sampleDelta(0, { status: 'failed' }))).toEqual(['failed']);
    expect(steps(sampleDelta(0, { stats: sampleStats({ objectives: { completed: 2, total: 5 } }) }))).toEqual(
      ['2 of 5 objectives done'],
    );
    expect(steps(sampleDelta(0, { stats: sampleStats({ errors: 1 }) }))).toEqual(['met an error']);
    expect(steps(sampleDelta(0, { stats: sampleStats({ prompts: 3 }) }))).toEqual(['got a prompt']);
  });

  it('tells of a new session and keeps silent of a deleted one', () => {
    const fresh = sampleSummary({ id: 'new', currentStep: null });
    expect(steps(sampleDelta(0, fresh, { sessionId: 'new' }))).toEqual(['started']);
    expect(steps(sampleDelta(0, { deleted: true }))).toEqual([]);
  });
});

describe('activityAtFirst', () => {
  it('says where the latest sessions stand', () => {
    const sessions = [1, 2, 3].map((n) =>
      sampleSummary({
        id: `s${n}`,
        lastActivityAt: `2026-03-01T0${n}:00:00.000Z`,
        status: n === 3 ? 'idle' : 'completed',
      }),
    );
    const entries = activityAtFirst(mergeLoaded(emptyFleet, sessions, true), 2);
    expect(entries.map((entry) => [entry.sessionId, entry.step, entry.fresh])).toEqual([
      ['s2', 'completed', false],
      ['s3', 'Editing src/cart.ts', false],
    ]);
  });
});
