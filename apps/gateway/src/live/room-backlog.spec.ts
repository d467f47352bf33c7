import { fleetRoom, type Delta, type SessionChanges } from '@telltale/contracts';
import * as fc from 'fast-check';
import { RoomBacklog } from './room-backlog';

type Title = string | null | undefined;
/** What a client shows: each session's title and the messages it was told of. */
interface Shown {
  readonly titles: Map<string, Title>;
  readonly messages: Map<string, string>;
}

/** A client that applies what follows on from its revision, and keeps what came too early. */
class Follower {
  readonly shown: Shown = { titles: new Map(), messages: new Map() };
  private held: Delta[] = [];
  revision = 'g.0';

  hear(delta: Delta): void {
    this.held.push(delta);
    for (let next = this.following(); next; next = this.following()) {
      this.held = this.held.filter((each) => each !== next);
      this.revision = next.to;
      this.apply(next);
    }
  }

  private following(): Delta | undefined {
    return this.held.find(({ from }) => from === this.revision);
  }

  private apply({ sessionId, changes }: Delta): void {
    if (changes?.title !== undefined) this.shown.titles.set(sessionId, changes.title);
    for (const { id, text } of changes?.messages ?? []) this.shown.messages.set(`${sessionId} ${id}`, text);
  }
}

const delta = (n: number, sessionId: string, changes: SessionChanges | undefined): Delta => ({
  room: fleetRoom,
  sessionId,
  from: `g.${n - 1}`,
  to: `g.${n}`,
  at: '',
  ...(changes ? { changes } : { refetch: true }),
});
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const add = (backlog: RoomBacklog, ...deltas: readonly Delta[]) => {
  for (const each of deltas) backlog.add(each, bytesOf(each));
};

const message = (id: string, text: string) => ({
  ...{ id, text, author: 'assistant' as const, kind: 'assistant' as const },
  ...{ at: null, preview: text, images: [] },
});
const changes: fc.Arbitrary<SessionChanges> = fc
  .record(
    {
      title: fc.option(fc.string()),
      messages: fc.uniqueArray(fc.tuple(fc.constantFrom('m1', 'm2', 'm3'), fc.string()), {
        selector: ([id]) => id,
        maxLength: 3,
      }),
    },
    { requiredKeys: [] },
  )
  .map(({ messages, ...rest }) => ({
    ...rest,
    ...(messages ? { messages: messages.map(([id, text]) => message(id, text)) } : {}),
  }));
const history = fc
  .array(fc.tuple(fc.constantFrom('s1', 's2', 's3'), changes), { minLength: 1, maxLength: 12 })
  .map((steps) => steps.map(([id, step], n) => delta(n + 1, id, step)));

describe('what is merged', () => {
  it('comes to the same as each delta in turn, for whoever fell behind wherever', () => {
    fc.assert(
      fc.property(history, fc.nat(12), fc.nat(12), (deltas, one, other) => {
        // The backlog begins where the first falls behind; a second does so later, in the same backlog.
        const [first = 0, second = 0] = [one, other]
          .map((n) => Math.min(n, deltas.length))
          .sort((a, b) => a - b);
        const backlog = new RoomBacklog(fleetRoom, `g.${first}`);
        const firstMark = backlog.mark();
        add(backlog, ...deltas.slice(first, second));
        const secondMark = backlog.mark();
        add(backlog, ...deltas.slice(second));

        const all = new Follower();
        for (const each of deltas) all.hear(each);
        for (const [from, mark] of [[first, firstMark] as const, [second, secondMark] as const]) {
          const slow = new Follower();
          for (const each of deltas.slice(0, from)) slow.hear(each);
          for (const each of backlog.since(mark) ?? []) slow.hear(each);
          expect(slow.revision).toBe(all.revision);
          expect(slow.shown).toEqual(all.shown);
        }
      }),
    );
  });

  it('comes to the same in whatever order deltas come', () => {
    const swapped = history.chain((deltas) =>
      fc.tuple(fc.constant(deltas), fc.shuffledSubarray(deltas, { minLength: deltas.length })),
    );
    fc.assert(
      fc.property(swapped, fc.nat(12), ([deltas, arriving], fell) => {
        const all = new Follower();
        for (const each of deltas) all.hear(each);

        const slow = new Follower();
        let told = 0;
        for (const each of arriving.slice(0, fell)) {
          slow.hear(each);
          told = Math.max(told, Number(each.to.split('.')[1]));
        }
        const backlog = new RoomBacklog(fleetRoom, `g.${told}`);
        const mark = backlog.mark();
        add(backlog, ...arriving.slice(fell));
        for (const each of backlog.since(mark) ?? []) slow.hear(each);
        expect(slow.shown).toEqual(all.shown);
        expect(slow.revision).toBe(all.revision);
      }),
    );
  });

  it('is one delta for each session, however many came', () => {
    const backlog = new RoomBacklog(fleetRoom, 'g.0');
    const mark = backlog.mark();
    for (let n = 1; n <= 1000; n++) add(backlog, delta(n, `s${n % 2}`, { title: `Title ${n}` }));
    expect(backlog.since(mark)).toEqual([
      { ...delta(999, 's1', { title: 'Title 999' }), from: 'g.0' },
      { ...delta(1000, 's0', { title: 'Title 1000' }), from: 'g.999' },
    ]);
  });
});

describe('what is kept', () => {
  it('stays below its bound, whatever comes; beyond, one has to ask again', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(4), fc.nat(3000), fc.boolean()), { maxLength: 60 }),
        fc.integer({ min: 2000, max: 20_000 }),
        (steps, bytes) => {
          const backlog = new RoomBacklog(fleetRoom, 'g.0', { bytes, loose: 4 });
          const mark = backlog.mark();
          steps.forEach(([session, length, isTitle], n) => {
            const text = 'x'.repeat(length);
            const step = isTitle ? { title: text } : { messages: [message(`m${n}`, text)] };
            add(backlog, delta(n + 1, `s${session}`, step));
            const kept = backlog.since(mark);
            if (kept) expect(kept.reduce((sum, each) => sum + bytesOf(each), 0)).toBeLessThanOrEqual(bytes);
            else expect(backlog.overflowed).toBe(true);
          });
        },
      ),
      // Together exactly as long as the bound.
      {
        examples: [
          [
            [
              [0, 0, true],
              [1, 0, true],
              [2, 1733, true],
            ],
            2000,
          ],
        ],
      },
    );
  });

  it('is nothing once a delta itself says to ask again, or follows a deletion', () => {
    const asking = new RoomBacklog(fleetRoom, 'g.0');
    const mark = asking.mark();
    add(asking, delta(1, 's1', { title: 'x' }), delta(2, 's1', undefined), delta(3, 's1', { title: 'y' }));
    expect(asking.since(mark)).toBeUndefined();

    const deleted = new RoomBacklog(fleetRoom, 'g.0');
    add(deleted, delta(1, 's1', { deleted: true }));
    expect(deleted.since(mark)).toEqual([delta(1, 's1', { deleted: true })]);
    add(deleted, delta(2, 's1', { title: 'risen' }));
    expect(deleted.since(mark)).toBeUndefined();
  });

  it('is nothing when too many came out of order', () => {
    const backlog = new RoomBacklog(fleetRoom, 'g.0');
    const mark = backlog.mark();
    for (let n = 2; n < 40; n++) add(backlog, delta(n * 2, 's1', {}));
    expect(backlog.since(mark)).toBeUndefined();
  });

  it('keeps alerts, which lead nowhere, where they came', () => {
    const backlog = new RoomBacklog(fleetRoom, 'g.0');
    const mark = backlog.mark();
    const alert = { ...delta(1, '', {}), from: 'g.1', to: 'g.1' };
    add(backlog, delta(1, 's1', { title: 'x' }), alert, delta(2, 's1', { title: 'y' }));
    const slow = new Follower();
    for (const each of backlog.since(mark) ?? []) slow.hear(each);
    expect(slow.revision).toBe('g.2');
    expect(slow.shown.titles.get('s1')).toBe('y');
  });
});
