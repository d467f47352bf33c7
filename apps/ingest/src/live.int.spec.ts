import { toolDuration, type Item, type SessionState } from '@telltale/domain';
import { corpus, testRoot } from '@telltale/domain/testing';
import { summarySchema, type Delta } from '@telltale/contracts';
import { createLogger, createPool } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import * as fc from 'fast-check';
import { DataSource } from 'typeorm';
import { FleetRevisions } from './projecting/fleet-revisions';
import { LivePublisher } from './projecting/live-publisher';
import { readModelOptions } from './database/data-source';
import { ClockLease } from './projecting/clock-lease';
import { StatusClock } from './projecting/status-clock';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { answer, linesOf, mainPath, prompt, root } from './testing/records';

/** A room's content: a session's fields, and its messages by id. */
interface Room {
  readonly fields: Record<string, unknown>;
  readonly messages: Map<string, unknown>;
}
interface Snapshot {
  readonly fleet: number;
  readonly revisions: Map<string, number>;
  readonly rooms: Map<string, Room>;
}

const numberOf = (revision: string) => Number(revision.split('.')[1]);

describe('live deltas', () => {
  let stack: IngestStack;

  beforeAll(async () => {
    stack = await IngestStack.start();
  });
  afterAll(() => stack?.stop());

  /** Fleet, sessions and items of one moment. */
  async function snapshot(): Promise<Snapshot> {
    const client = await stack.pool.connect();
    try {
      await client.query('begin isolation level repeatable read read only');
      const fleet = await client.query<{ revision: number }>('select revision from fleet');
      const sessions = await client.query<{ id: string; revision: number; summary: object; detail: object }>(
        'select id, revision, summary, detail from session where started_at is not null',
      );
      const items = await client.query<ItemRow>(
        `select key, session_id, kind, agent_id, model, name, preview, input, is_error, duration_ms,
                (extract(epoch from at) * 1000)::float8 as at, (extract(epoch from ended_at) * 1000)::float8 as ended_at,
                (select case when count(*) > 0 then json_build_object('total', sum(u.input + u.output + u.cache_write_5m + u.cache_write_1h + u.cache_read),
                   'output', sum(u.output), 'costUsd', sum(u.cost_pico)::float8 / 1e12) end
                 from usage u where kind = 'assistant' and u.message_key = item.key and u.owner = item.session_id) as used_up
         from item where kind <> 'compaction' and used`,
      );
      await client.query('commit');
      const rooms = new Map(
        sessions.rows.map(({ id, summary, detail }): [string, Room] => [
          id,
          { fields: { ...summary, ...detail }, messages: new Map() },
        ]),
      );
      for (const row of items.rows) rooms.get(row.session_id)?.messages.set(row.key, messageOfRow(row));
      return {
        fleet: fleet.rows[0]?.revision ?? 0,
        revisions: new Map(sessions.rows.map(({ id, revision }) => [id, revision])),
        rooms,
      };
    } finally {
      client.release();
    }
  }

  /** What a client holds that took the snapshot and every delta of the session's room after it. */
  function later(from: Snapshot, id: string, deltas: readonly Delta[]): Room {
    const held = from.rooms.get(id) ?? { fields: {}, messages: new Map() };
    const room: Room = { fields: { ...held.fields }, messages: new Map(held.messages) };
    for (const { changes } of roomDeltas(deltas, id).filter(
      ({ to }) => numberOf(to) > (from.revisions.get(id) ?? 0),
    )) {
      const { messages, revision: _, ...fields } = changes ?? {};
      Object.assign(room.fields, fields);
      for (const message of messages ?? []) room.messages.set(message.id, shownMessage(message));
    }
    return room;
  }

  function roomDeltas(deltas: readonly Delta[], id: string): Delta[] {
    return deltas
      .filter(({ room }) => room === `session:${id}`)
      .sort((a, b) => numberOf(a.to) - numberOf(b.to));
  }

  function expectChained(deltas: readonly Delta[]): void {
    for (const [n, { from }] of deltas.entries()) if (n > 0) expect(from).toBe(deltas[n - 1]?.to);
  }

  /** Every delta up to the revisions now has come in, of whichever replica: one may be told of later than the next. */
  async function complete(deltas: readonly Delta[]): Promise<Snapshot> {
    return eventually(async () => {
      const now = await snapshot();
      for (const [id, revision] of now.revisions) {
        const chain = roomDeltas(deltas, id);
        expect(Math.max(...chain.map(({ to }) => numberOf(to)))).toBe(revision);
        expectChained(chain);
      }
      return now;
    });
  }

  /** The same of the fleet. */
  async function completeFleet(deltas: readonly Delta[]): Promise<Snapshot> {
    return eventually(async () => {
      const now = await snapshot();
      expect(numberOf(fleetDeltas(deltas).at(-1)?.to ?? '.0')).toBe(now.fleet);
      return now;
    });
  }

  function fleetDeltas(deltas: readonly Delta[]): Delta[] {
    return deltas.filter(({ room }) => room === 'fleet').sort((a, b) => numberOf(a.to) - numberOf(b.to));
  }

  it('snapshot and deltas after it equal the snapshot now, with replicas that come and go', async () => {
    await fc.assert(
      fc.asyncProperty(corpus, fc.nat(1000), async (files, seed) => {
        await stack.beginAnew();
        const deltas = stack.recordDeltas();
        await stack.startIngest('one');
        await stack.startIngest('two');
        const log = new LogWriter(stack.nats, 'test');
        const taken: Snapshot[] = [];
        const rest = files.map(({ path, lines }) => ({ path: `${testRoot}/${path}`, lines: [...lines] }));
        for (let n = 0; rest.some(({ lines }) => lines.length > 0); n++) {
          const open = rest.filter(({ lines }) => lines.length > 0);
          const file = open[(n * 7 + seed) % open.length]!;
          await log.append(
            testRoot,
            file.path,
            Buffer.from(
              file.lines
                .splice(0, 1 + (n % 5))
                .map((line) => `${line}\n`)
                .join(''),
            ),
          );
          if (n % 4 === 0) taken.push(await snapshot());
          if (n === 6) await stack.stopIngest('one');
          if (n === 9) await stack.startIngest('one');
        }
        await stack.caughtUp();
        const now = await complete(deltas);
        expect(deltas.filter(({ refetch }) => refetch)).toEqual([]);
        for (const [id, room] of now.rooms) {
          const chain = roomDeltas(deltas, id);
          expect(chain[0]?.from).toBeNull();
          expectChained(chain);
          const nothing: Snapshot = { fleet: 0, revisions: new Map(), rooms: new Map() };
          for (const earlier of [nothing, ...taken]) expect(later(earlier, id, deltas)).toEqual(room);
        }
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });

  it('chains the fleet without gap or overlap, and leads it from a snapshot to now', async () => {
    await stack.beginAnew();
    await stack.startIngest('one');
    await stack.startIngest('two');
    await eventually(async () => {
      const { rows } = await stack.pool.query('select count(*)::int from checkpoint group by owner');
      expect(rows).toEqual([{ count: 8 }, { count: 8 }]);
    });
    // A fact in every partition: when all are read, every partition is attached, and the chain is broken no more.
    const deltas = stack.recordDeltas();
    const first = new LogWriter(stack.nats);
    for (let n = 0; n < 64; n++)
      await first.append(root, mainPath(`v-first-${n}`), linesOf(prompt(`v-first-${n}`, `v-p-${n}`, 1)));
    await stack.caughtUp();
    // What is committed is told a moment later.
    await complete(deltas);
    const before = await completeFleet(deltas);
    const writers = Array.from({ length: 8 }, (_, w) => async () => {
      const log = new LogWriter(stack.nats, `host-${w}`);
      for (let n = 0; n < 15; n++)
        await log.append(root, mainPath(`v-${w}`), linesOf(answer(`v-${w}`, `v-${w}-${n}`, n)));
    });
    await Promise.all(writers.map((write) => write()));
    await stack.caughtUp();
    await complete(deltas);
    const now = await completeFleet(deltas);
    const later = () => fleetDeltas(deltas).filter(({ to }) => numberOf(to) > before.fleet);
    await eventually(() => {
      expect(later()[0]?.from && numberOf(later()[0]!.from!)).toBe(before.fleet);
      expectChained(later());
    });
    const fleet = later();
    const held = new Map([...before.rooms].map(([id, { fields }]) => [id, { ...fields }]));
    for (const { sessionId, changes } of fleet) {
      const { messages: _, revision: __, ...fields } = changes ?? {};
      held.set(sessionId, { ...held.get(sessionId), ...fields });
    }
    for (const [id, { fields }] of now.rooms) {
      const { detail } = splitDetail(fields);
      const shown = Object.fromEntries(
        Object.entries(held.get(id) ?? {}).filter(([name]) => !detail.has(name)),
      );
      expect(shown).toEqual(Object.fromEntries(Object.entries(fields).filter(([name]) => !detail.has(name))));
    }
  });

  it('a session that begins with state records is whole in its first delta', async () => {
    await stack.beginAnew();
    await stack.startIngest('one');
    const log = new LogWriter(stack.nats);
    // A link and a title alone are no session yet.
    await log.append(
      root,
      mainPath('w-late'),
      linesOf({
        type: 'pr-link',
        prNumber: 1,
        prUrl: 'https://example.org/1',
        prRepository: 'a/b',
        sessionId: 'w-late',
      }),
    );
    await stack.caughtUp();
    const deltas = stack.recordDeltas();
    await stack.nats.flush();
    await log.append(root, mainPath('w-late'), linesOf(prompt('w-late', 'w-p', 1)));
    await stack.caughtUp();
    const now = await complete(deltas);
    const nothing: Snapshot = { fleet: 0, revisions: new Map(), rooms: new Map() };
    expect(now.rooms.get('w-late')?.fields['links']).toHaveLength(1);
    expect(later(nothing, 'w-late', deltas)).toEqual(now.rooms.get('w-late'));
  });

  it('time alone moves statuses, with deltas that chain; also those that passed while nothing ran', async () => {
    await stack.beginAnew();
    await stack.startIngest('one');
    const log = new LogWriter(stack.nats);
    const justNow = { ...prompt('c-live', 'c-p', 1), timestamp: new Date(Date.now() - 1000).toISOString() };
    await log.append(root, mainPath('c-live'), linesOf(justNow));
    await stack.caughtUp();
    await stack.stopIngest('one');
    const statusOf = async () => (await snapshot()).rooms.get('c-live')?.fields['status'];
    expect(await statusOf()).toBe('running');
    const deltas = stack.recordDeltas();
    await stack.nats.flush();
    const before = await snapshot();
    const fleetPool = createPool({
      url: stack.databaseUrl,
      searchPath: 'read_model',
      applicationName: 'fleet',
      max: 1,
    });
    const live = new LivePublisher(stack.nats, new FleetRevisions(fleetPool));
    const database = await new DataSource(
      readModelOptions({ url: stack.databaseUrl, applicationName: 'clock', max: 1 }),
    ).initialize();
    const lease = new ClockLease(database, 'one');
    const clock = new StatusClock(stack.pool, lease, live, createLogger('test'));
    await clock.tick(Date.now() + 4 * 60_000);
    expect(await statusOf()).toBe('running');
    await clock.tick(Date.now() + 6 * 60_000);
    expect(await statusOf()).toBe('idle');
    await clock.tick(Date.now() + 25 * 3_600_000);
    expect(await statusOf()).toBe('completed');
    await Promise.all([fleetPool.end(), database.destroy()]);
    const now = await complete(deltas);
    expectChained(roomDeltas(deltas, 'c-live'));
    await eventually(() =>
      expect(fleetDeltas(deltas).map(({ changes }) => changes?.status)).toEqual(['idle', 'completed']),
    );
    expect(later(before, 'c-live', deltas)).toEqual(now.rooms.get('c-live'));

    // Completed by that clock; by the real one it still runs: the next record says so.
    const { rows } = await stack.pool.query<{ registers: SessionState }>(
      "select registers from session where id = 'c-live'",
    );
    expect(rows[0]?.registers.lastActivityAt).toBe(Date.parse(justNow.timestamp));
    await stack.pool.query(
      "update session set status = 'running', status_until = now() - interval '1 hour', summary = summary || '{\"status\":\"completed\"}' where id = 'c-live'",
    );
    await stack.startIngest('one');
    await eventually(async () => expect(await statusOf()).toBe('running'));
  });
});

interface ItemRow {
  readonly key: string;
  readonly session_id: string;
  readonly kind: Item['kind'];
  readonly agent_id: string | null;
  readonly model: string | null;
  readonly name: string | null;
  readonly preview: string;
  readonly input: string | null;
  readonly is_error: boolean;
  readonly duration_ms: number | null;
  readonly at: number | null;
  readonly ended_at: number | null;
  readonly used_up: {
    readonly total: number;
    readonly output: number;
    readonly costUsd: number | null;
  } | null;
}

/** What a feed shows of a message, in short. */
function shownMessage(message: NonNullable<NonNullable<Delta['changes']>['messages']>[number]): unknown {
  const { at, agentId, model, text, kind, tool, tokens, costUsd } = message;
  const usage = tokens ? { total: tokens.total, output: tokens.output, costUsd } : null;
  return { at, agentId, model, text, kind, tool: tool ?? null, usage };
}

function messageOfRow(row: ItemRow): unknown {
  const isTool = row.kind === 'tool';
  const item = { durationMs: row.duration_ms, used: true, endedAt: row.ended_at, at: row.at ?? 0 } as Item;
  return {
    at: row.at === null ? null : new Date(row.at).toISOString(),
    agentId: row.agent_id,
    model: row.model,
    text: isTool ? '' : row.preview,
    kind: row.kind,
    usage: row.used_up,
    tool: isTool
      ? {
          name: row.name,
          input: row.input,
          result: row.ended_at === null ? null : row.preview,
          isError: row.is_error,
          durationMs: toolDuration(item),
        }
      : null,
  };
}

/** Names of the fields that stand in a session's detail only. */
function splitDetail(fields: Record<string, unknown>): { detail: Set<string> } {
  const summary = Object.keys(summarySchema.shape);
  return { detail: new Set(Object.keys(fields).filter((name) => !summary.includes(name))) };
}
