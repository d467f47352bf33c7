import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import {
  decodeSource,
  MemoryReadModel,
  openCodePlan,
  openCodeRows,
  sessionsOf,
  type OpenCodeRecord,
} from '@telltale/domain/testing';
import { decoderOf } from '@telltale/domain';
import { SqliteStoreWriter } from '../../testing/opencode-stores';
import { beginning, type Position } from '../../tailing/position';
import type { FreshBytes } from '../../tailing/reading';
import { SqliteStore } from './sqlite-store';

/** What happens between two looks at the log. */
type Step =
  | { readonly kind: 'write'; readonly records: number }
  | { readonly kind: 'look' }
  /** A few facts of some session. */
  | { readonly kind: 'turns'; readonly count: number }
  /** The watcher is gone; `lostAck`: and did not hear that a last fact was stored. */
  | { readonly kind: 'crash'; readonly lostAck: boolean }
  /** The other of two watchers of one host has its turns. */
  | { readonly kind: 'other' }
  /** OpenCode ends and begins. */
  | { readonly kind: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('write'), records: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: 'look' } as const) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('turns'), count: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'other' } as const) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash'), lostAck: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' } as const) },
);

/** A watcher's part around a store. */
interface Watching {
  readonly store: SqliteStore;
  /** Sessions that want a turn. */
  readonly requested: Set<string>;
}

/** The log with the positions it tells, and two watchers that fill it. */
class Log {
  /** Whole lines by session. */
  readonly lines = new Map<string, string[]>();
  private readonly begun = new Map<string, Buffer>();
  private readonly positions = new Map<string, Position>();
  private watching: Watching;
  private other: Watching;

  constructor(
    private readonly path: string,
    private readonly room: number,
  ) {
    this.watching = this.started();
    this.other = this.started();
  }

  async look({ store } = this.watching): Promise<void> {
    const reader = store.fileReader();
    await reader.read({ path: this.path, local: true, position: beginning, search: undefined, room: 0 });
  }

  switch(): void {
    [this.watching, this.other] = [this.other, this.watching];
  }

  async crash(lostAck: boolean): Promise<void> {
    const [session] = this.watching.requested;
    if (lostAck && session !== undefined) await this.turn(session, { isHeard: false });
    this.watching = this.started();
  }

  async turns(count: number): Promise<void> {
    const { requested } = this.watching;
    for (const session of [...requested].slice(0, count)) {
      if (!(await this.turn(session, { isHeard: true }))) requested.delete(session);
    }
  }

  /** Until there is nothing left to publish. */
  async settle(): Promise<void> {
    await this.look();
    // A look that comes too soon after another is made a little later.
    while (this.watching.store.fileReader().needsTurn?.() || this.watching.requested.size > 0) {
      await new Promise((done) => setTimeout(done, 1));
      await this.turns(100);
    }
  }

  private started(): Watching {
    const requested = new Set(this.positions.keys());
    const store = new SqliteStore(this.path, {
      request: (session) => void requested.add(session),
      excludes: () => false,
    });
    return { store, requested };
  }

  private async turn(session: string, { isHeard }: { isHeard: boolean }): Promise<boolean> {
    const reader = this.watching.store.reader(session);
    const position = this.positions.get(session) ?? beginning;
    const path = `${this.path}#${session}`;
    const reading = await reader.read({ path, local: true, position, search: undefined, room: this.room });
    if (reading.kind !== 'bytes') return false;
    this.append(session, position, reading);
    if (isHeard) reader.stored(reading);
    return true;
  }

  private append(session: string, position: Position, reading: FreshBytes): void {
    const { generation, from, to, identity, tail, part, cursor, bytes } = reading;
    expect(from).toBe(generation === position.generation ? position.offset : 0);
    expect(bytes.length).toBeLessThanOrEqual(this.room);
    this.keep(session, reading);
    this.positions.set(session, {
      sequence: position.sequence + 1,
      generation,
      offset: to,
      identity,
      tail,
      part: part && part.k < part.n ? part : undefined,
      cursor,
      removed: false,
      deleted: false,
      unproven: false,
    });
  }

  /** As ingest reads it: a line whose further parts never come is none. */
  private keep(session: string, { bytes, part }: FreshBytes): void {
    const before = part === undefined || part.k === 1 ? Buffer.alloc(0) : this.begun.get(session);
    const whole = Buffer.concat([before ?? Buffer.alloc(0), bytes]);
    this.begun.set(session, whole);
    if (part !== undefined && part.k < part.n) return;
    const lines = whole.toString('utf8').trimEnd().split('\n');
    this.lines.set(session, [...(this.lines.get(session) ?? []), ...lines]);
  }
}

function modelOf(log: Log): unknown {
  const model = new MemoryReadModel();
  for (const [session, lines] of log.lines) apply(model, `/home/dev/opencode.db#${session}`, lines);
  return model.shown();
}

function apply(model: MemoryReadModel, path: string, lines: readonly string[]): void {
  const decoder = decoderOf('opencode');
  if (decoder === undefined) throw new Error('there is no decoder');
  const file = {
    source: 'opencode',
    host: 'h',
    root: '/home/dev',
    path,
    fact: 'rows.changed',
    lines,
  } as const;
  model.apply(decodeSource(decoder, file).observations, 'opencode');
}

function expected(versions: readonly OpenCodeRecord[]): unknown {
  const model = new MemoryReadModel();
  const last = new Map(versions.map((record) => [`${record.table}/${record.id}`, record]));
  for (const { path, lines } of openCodeRows([...last.values()])) apply(model, path, lines);
  return model.shown();
}

const plans = fc.uniqueArray(openCodePlan, { selector: ({ seed }) => seed, minLength: 1, maxLength: 2 });

/** Plays the steps, and then writes and publishes what is left. */
async function play(
  steps: readonly Step[],
  versions: readonly OpenCodeRecord[],
  log: Log,
  path: string,
): Promise<void> {
  let writer = new SqliteStoreWriter(path);
  let written = 0;
  for (const one of steps) {
    if (one.kind === 'write') writer.write(...versions.slice(written, (written += one.records)));
    else if (one.kind === 'look') await log.look();
    else if (one.kind === 'turns') await log.turns(one.count);
    else if (one.kind === 'crash') await log.crash(one.lostAck);
    else if (one.kind === 'other') log.switch();
    else {
      writer.close();
      writer = new SqliteStoreWriter(path);
    }
  }
  writer.write(...versions.slice(written));
  await log.settle();
  writer.close();
}

test('however writing, looking, publishing and dying alternate, in the end the log holds the store', async () => {
  const rooms = fc.constantFrom(500, 4000, 128 * 1024);
  await fc.assert(
    fc.asyncProperty(plans, fc.array(step, { maxLength: 30 }), rooms, async (made, steps, room) => {
      const folder = mkdtempSync(join(tmpdir(), 'telltale-test-'));
      const path = join(folder, 'opencode.db');
      const versions = sessionsOf(made).flat();
      const log = new Log(path, room);
      try {
        await play(steps, versions, log, path);
        expect(modelOf(log)).toEqual(expected(versions));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 100 },
  );
});
