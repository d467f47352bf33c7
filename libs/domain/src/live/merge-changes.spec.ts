import type { Message, Screenshot, Session, SessionChanges } from '@telltale/contracts';
import * as fc from 'fast-check';
import { applyToMessages, applyToSession, mergeChanges } from './index';

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const times = fc.constantFrom(null, '2026-03-01T10:00:00.000Z', '2026-03-01T10:00:01.000Z');

const message = fc.record({ id: ids, text: fc.string() }).map(({ id, text }): Message => ({
  id,
  author: 'assistant',
  kind: 'assistant',
  at: null,
  text,
  preview: text,
  images: [],
}));
// A picture's name is its place in the run: it does not change, nor does when it was taken.
const screenshot = fc.record({ id: ids, step: fc.nat(9) }).map(({ id, step }): Screenshot => ({
  id,
  filename: `${id}.png`,
  label: id,
  at: null,
  step,
  bytes: 1,
  width: 1,
  height: 1,
  url: `/${id}`,
}));
const unique = <T extends { readonly id: string }>(one: fc.Arbitrary<T>) =>
  fc.uniqueArray(one, { selector: ({ id }) => id, maxLength: 5 });

const tokens = {
  input: 0,
  output: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheRead: 0,
  reasoning: 0,
  total: 0,
};
const session: Session = {
  ...{ id: 's1', nativeId: 's1', source: 'claude-code', host: 'atlas', user: null, project: null },
  ...{ branch: null, phase: null, title: null, model: null, models: [], status: 'idle', startedAt: null },
  ...{ lastActivityAt: null, endedAt: null, parentId: null, archived: false, revision: 'g.0' },
  ...{ currentStep: null, activity: [], tokensByModel: [], objectives: [], agents: [], tools: [] },
  ...{ links: [], errors: [], screenshots: [], rateLimits: [], files: [] },
  stats: {
    ...{ messages: 0, prompts: 0, toolCalls: 0, toolErrors: 0, screenshots: 0, errors: 0, tokens },
    ...{ objectives: { completed: 0, total: 0 }, costUsd: null, reportedCostUsd: null, unpricedModels: [] },
  },
};

/** Any of these absent, or undefined as a careless writer leaves them. */
const changes: fc.Arbitrary<SessionChanges> = fc
  .record(
    {
      title: fc.option(fc.string()),
      status: fc.constantFrom('running' as const, 'idle' as const),
      lastActivityAt: times,
      currentStep: fc.option(fc.string()),
      stats: fc.nat(99).map((messages) => ({ ...session.stats, messages })),
      errors: fc.array(fc.record({ at: times, kind: fc.constant('api_error'), message: fc.string() }), {
        maxLength: 2,
      }),
      messages: unique(message),
      screenshots: unique(screenshot),
      revision: fc.nat(99).map((n) => `g.${n}`),
    },
    { requiredKeys: [] },
  )
  .map((record) => record as SessionChanges);

interface Held {
  readonly session: Session;
  readonly messages: readonly Message[];
}
const start: Held = { session, messages: [] };

/** What a client does. */
function applied(held: Held, next: SessionChanges): Held {
  return {
    session: applyToSession(held.session, next),
    messages: applyToMessages(held.messages, next),
  };
}

function merged(all: readonly SessionChanges[]): SessionChanges {
  return all.reduce((first, second) => mergeChanges(first, second) ?? {}, {});
}

it('a snapshot and the merged change is the snapshot and each change in turn', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 6 }), (all) => {
      expect(applied(start, merged(all))).toEqual(all.reduce(applied, start));
    }),
  );
});

it('comes to the same for whoever has had some of the changes before', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 6 }), fc.nat(6), (all, had) => {
      const between = all.slice(0, had).reduce(applied, start);
      const now = all.reduce(applied, start);
      const after = applied(between, merged(all));
      expect(after.session).toEqual(now.session);
      expect(after.messages).toEqual(now.messages);
    }),
  );
});

it('is the same however the merging is grouped', () => {
  fc.assert(
    fc.property(changes, changes, changes, (a, b, c) => {
      expect(merged([a, merged([b, c])])).toEqual(merged([merged([a, b]), c]));
    }),
  );
});

describe('a deletion', () => {
  it('is what remains of all that was before', () => {
    expect(mergeChanges({ title: 'x', messages: [] }, { deleted: true })).toEqual({ deleted: true });
  });

  it('cannot be merged with what came after it', () => {
    expect(mergeChanges({ deleted: true }, { title: 'x' })).toBeUndefined();
  });
});
