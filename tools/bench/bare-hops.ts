import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connectNats, createPool } from '@telltale/platform';
import { appendFileSync, mkdtempSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { percentiles, type Percentiles } from './percentiles';

export interface BareHops {
  readonly watch: Percentiles;
  readonly jetstream: Percentiles;
  readonly commit: Percentiles;
  readonly socket: Percentiles;
  /** Sum of the medians and of the 99th percentiles. */
  readonly sum: { readonly p50: number; readonly p99: number };
}

export interface HopsRequest {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  /** As often as the product's lines come: an idle machine wakes slowly, for a bare hop as for ours. */
  readonly perSecond: number;
  readonly rounds: number;
}

/** What each hop costs with nothing around it, one after the other, on the same servers as the measured product. */
export async function measureBareHops({ natsUrl, databaseUrl, ...pace }: HopsRequest): Promise<BareHops> {
  const hops = {
    watch: await wakeUps(pace),
    jetstream: await logHops(natsUrl, pace),
    commit: await commits(databaseUrl, pace),
    socket: await socketHops(pace),
  };
  const sum = (of: 'p50' | 'p99') => hops.watch[of] + hops.jetstream[of] + hops.commit[of] + hops.socket[of];
  return { ...hops, sum: { p50: sum('p50'), p99: sum('p99') } };
}

type Pace = Pick<HopsRequest, 'rounds' | 'perSecond'>;

/** Runs `once` again and again, paced like live lines, and times it. */
async function timed({ rounds, perSecond }: Pace, once: (n: number) => Promise<void>): Promise<Percentiles> {
  const samples: number[] = [];
  for (let n = 0; n < rounds; n++) {
    const start = performance.now();
    await once(n);
    samples.push(performance.now() - start);
    await new Promise((done) => setTimeout(done, 1000 / perSecond));
  }
  return percentiles(samples.slice(rounds / 10));
}

async function wakeUps(pace: Pace): Promise<Percentiles> {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-hop-'));
  const file = join(folder, 'file');
  writeFileSync(file, '');
  let woken: (() => void) | undefined;
  const watcher = watch(folder, () => woken?.());
  const result = await timed(
    pace,
    () =>
      new Promise((done) => {
        woken = done;
        appendFileSync(file, 'x\n');
      }),
  );
  watcher.close();
  rmSync(folder, { recursive: true, force: true });
  return result;
}

async function logHops(url: string, pace: Pace): Promise<Percentiles> {
  const connection = await connectNats({ url, name: 'bench' });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'BENCH_HOP', subjects: ['telltale.bench.hop'], storage: 'file' });
  const consumer = await jetstream(connection).consumers.get('BENCH_HOP', {});
  let arrived: (() => void) | undefined;
  const messages = await consumer.consume({ callback: () => arrived?.() });
  const body = new Uint8Array(3500);
  const result = await timed(
    pace,
    () =>
      new Promise((done, fail) => {
        arrived = done;
        jetstream(connection).publish('telltale.bench.hop', body).catch(fail);
      }),
  );
  await messages.close();
  await manager.streams.delete('BENCH_HOP');
  await connection.close();
  return result;
}

async function commits(url: string, pace: Pace): Promise<Percentiles> {
  const pool = createPool({ url, searchPath: 'public', applicationName: 'bench', max: 1 });
  await pool.query('create table if not exists bench_hop (id int primary key, value text)');
  const result = await timed(pace, async (n) => {
    await pool.query(
      'insert into bench_hop values ($1, $2) on conflict (id) do update set value = excluded.value',
      [n % 10, `value ${n}`],
    );
  });
  await pool.query('drop table bench_hop');
  await pool.end();
  return result;
}

async function socketHops(pace: Pace): Promise<Percentiles> {
  const http = createServer();
  const server = new Server(http, { perMessageDeflate: false });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
    transports: ['websocket'],
  });
  await new Promise<void>((done) => client.on('connect', done));
  const payload = { room: 'fleet', changes: { text: 'x'.repeat(1500) } };
  const result = await timed(
    pace,
    () =>
      new Promise((done) => {
        client.once('delta', () => done());
        server.emit('delta', payload);
      }),
  );
  client.close();
  await server.close();
  return result;
}
