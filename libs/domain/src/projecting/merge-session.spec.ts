import * as fc from 'fast-check';
import type { Observation } from '../observation';
import { BatchDraft } from './draft';
import { viewOf } from './view';

const time = fc.constantFrom(0, 1000, 2000);
const word = fc.constantFrom('p', 'q');
const unsaid = fc.constantFrom(null, 'x', 'y');
const common = {
  sessionId: fc.constant('s'),
  at: time,
  place: fc.record({ sequence: fc.nat(2), line: fc.nat(1), offset: fc.nat(1) }),
  agentId: fc.constantFrom(null, 'a'),
};
function stamped<T>(value: fc.Arbitrary<T>) {
  return fc.record({ value, at: time, offset: fc.nat(1) });
}
function a<T extends Observation['type']>(type: T) {
  return { ...common, type: fc.constant(type) };
}

/** Whatever is said of a session beside its items: as often as possible of one thing at one time. */
const said: fc.Arbitrary<Observation> = fc.oneof<fc.Arbitrary<Observation>[]>(
  fc.record(a('activity')),
  fc.record({ ...a('error'), key: word, kind: word, message: word }),
  fc.record({ ...a('link'), url: word, kind: word, label: word }),
  fc.record({
    ...a('process'),
    process: word,
    state: fc.constantFrom('running', 'waiting', 'idle', 'gone'),
    waitingFor: unsaid,
  }),
  fc.record({
    ...a('objective'),
    id: word,
    text: unsaid,
    status: fc.constantFrom(null, 'pending', 'completed'),
  }),
  fc.record({
    ...a('agent'),
    agentId: fc.constant('a'),
    parentAgentId: unsaid,
    agentType: unsaid,
    description: unsaid,
    model: unsaid,
    status: fc.constantFrom(null, 'running', 'completed'),
  }),
  fc.record({
    ...a('registers'),
    registers: fc.record(
      {
        aiTitle: stamped(word),
        firstPrompt: stamped(word),
        outcome: stamped(fc.constantFrom('running', 'completed', 'failed')),
        todoList: stamped(
          fc.array(fc.record({ text: word, status: fc.constantFrom('pending', 'completed') }), {
            maxLength: 2,
          }),
        ),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    ...a('screenshot'),
    picture: fc.record({
      filename: word,
      label: unsaid,
      takenAt: time,
      host: word,
      sha256: word,
      mediaType: fc.constant('image/png'),
      bytes: fc.constant(1),
      width: fc.constant(null),
      height: fc.constant(null),
    }),
  }),
);

it('a session is shown the same in whatever order things are said of it, and however often', () => {
  const shown = (all: readonly Observation[]): unknown => {
    const draft = new BatchDraft();
    for (const one of all) draft.add(one, 'claude-code', Date.UTC(2100, 0, 1));
    const state = draft.sessions.get('s');
    if (state === undefined) throw new Error('nothing was said');
    return viewOf(state, Date.UTC(2100, 0, 1));
  };
  const mixed = fc
    .array(said, { minLength: 2, maxLength: 8 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length })),
    );
  fc.assert(
    fc.property(mixed, ([all, twice]) => expect(shown(twice)).toEqual(shown(all))),
    { numRuns: 1000 },
  );
});
