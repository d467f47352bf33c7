import { fleetRoom, type Delta } from '@telltale/contracts';
import * as fc from 'fast-check';
import { isSurelyAfter } from '../sessions/revisions';
import { LiveRoom } from './live-room';

const revision = (n: number) => `g.${n}`;
const delta = (n: number): Delta => ({
  ...{ room: fleetRoom, sessionId: 's', at: '', changes: { title: `${n}` } },
  ...{ from: revision(n - 1), to: revision(n) },
});

/** Follows the protocol: what does not lead from the revision it holds makes it ask again. */
interface Client {
  held: string | undefined;
  /** What the database said to its question, if it was read already. */
  asking: { answer: string | undefined } | undefined;
  inside: boolean;
}

/** A room, its database, NATS that loses messages, and clients that come and go. */
class House {
  committed = 0;
  readonly clients: readonly Client[];
  private readonly onTheWay: Delta[] = [];
  private readonly room: LiveRoom;

  constructor(clients: number) {
    this.clients = Array.from({ length: clients }, () => ({
      ...{ held: undefined, asking: undefined, inside: false },
    }));
    this.room = new LiveRoom(fleetRoom, { unsubscribe: () => undefined } as never, {
      revision: () => Promise.resolve(undefined),
      snapshot: () => Promise.resolve(undefined),
      settled: () => Promise.resolve(),
    });
  }

  commit(isLost: boolean): void {
    this.committed++;
    if (!isLost) this.onTheWay.push(delta(this.committed));
  }

  arrive(): void {
    const next = this.onTheWay.shift();
    if (!next) return;
    this.room.hear(next, 10);
    for (const [n, client] of this.clients.entries())
      if (this.room.members.has(`${n}`)) this.tell(n, client, next);
  }

  ask(n: number): void {
    const client = this.client(n);
    client.inside = true;
    client.asking = { answer: undefined };
    this.room.hold(`${n}`);
  }

  read(n: number): void {
    const { asking } = this.client(n);
    if (asking) asking.answer ??= revision(this.committed);
  }

  admit(n: number): void {
    const client = this.client(n);
    const answer = client.asking?.answer;
    if (answer === undefined) return;
    client.asking = undefined;
    client.held = answer;
    const missed = this.room.admit(`${n}`, answer);
    if (!missed) return this.ask(n);
    for (const each of missed) this.tell(n, client, each);
  }

  leave(n: number): void {
    Object.assign(this.client(n), { held: undefined, asking: undefined, inside: false });
    this.room.leave(`${n}`);
  }

  /** As lost-deltas.ts does. */
  compare(): void {
    const current = revision(this.committed);
    if (this.room.members.size === 0 || this.room.revision === undefined) return;
    if (!isSurelyAfter(current, this.room.revision)) return;
    const members = [...this.room.members];
    this.room.lose(current);
    for (const id of members) this.ask(Number(id));
  }

  /** Nothing is committed any more: everything that is on its way arrives, every question is answered. */
  settle(): void {
    while (this.onTheWay.length > 0) this.arrive();
    const answerAll = () => {
      for (const n of this.clients.keys()) for (let times = 0; times < 3; times++) this.answer(n);
    };
    answerAll();
    this.compare();
    answerAll();
  }

  private answer(n: number): void {
    this.read(n);
    this.admit(n);
  }

  private client(n: number): Client {
    const client = this.clients[n];
    if (!client) throw new Error(`there is no client ${n}`);
    return client;
  }

  private tell(n: number, client: Client, { from, to }: Delta): void {
    if (client.asking) return;
    if (from === client.held) client.held = to;
    else this.ask(n);
  }
}

const client = fc.nat(2);
const step = fc.oneof(
  fc.record({ do: fc.constant('commit' as const), lost: fc.boolean() }),
  fc.record({ do: fc.constantFrom('arrive' as const, 'compare' as const) }),
  fc.record({
    do: fc.constantFrom('ask' as const, 'read' as const, 'admit' as const, 'leave' as const),
    client,
  }),
);

it('leads every member to the newest revision, whatever was lost and whoever else came and went', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const house = new House(3);
      for (const each of steps) {
        if (each.do === 'commit') house.commit(each.lost);
        else if ('client' in each) house[each.do](each.client);
        else house[each.do]();
      }
      house.settle();
      for (const { inside, held } of house.clients) {
        expect(held).toBe(inside ? revision(house.committed) : undefined);
      }
    }),
    { numRuns: 2000 },
  );
});

it('finds that a member missed a delta though another came after it', () => {
  const house = new House(2);
  const joins = (n: number) => {
    house.ask(n);
    house.read(n);
    house.admit(n);
  };
  joins(0);
  house.commit(true);
  joins(1);
  house.settle();
  expect(house.clients.map(({ held }) => held)).toEqual([revision(1), revision(1)]);
});

it('has one ask again whose answer came after the room was found behind', () => {
  const house = new House(2);
  house.ask(0);
  house.read(0);
  house.admit(0);
  house.ask(1);
  house.read(1);
  house.commit(true);
  house.compare();
  house.admit(1);
  house.settle();
  expect(house.clients.map(({ held }) => held)).toEqual([revision(1), revision(1)]);
});
