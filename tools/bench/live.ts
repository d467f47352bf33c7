import {
  liveNamespace,
  type Delta,
  type ServerToClientEvents,
  type ClientToServerEvents,
} from '@telltale/contracts';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import type { TelltaleProcess } from '../harness/telltale-process';
import { seeded, SessionLines } from './corpus';
import { cpuSince, usedCpu } from './parts';
import { percentiles, type Percentiles } from './percentiles';

export interface LiveRequest {
  readonly linesPerSecond: number;
  readonly seconds: number;
  /** Sessions that are written to in turn. */
  readonly sessions: number;
}

export interface LiveResult extends Percentiles {
  readonly lost: number;
  readonly hops: Record<string, number>;
  /** Seconds of a core each part used meanwhile. */
  readonly cpuSeconds: Record<string, number>;
}

/**
 * Appends lines at a steady rate and measures, for each append, until a delta with what it told has arrived at a
 * Socket.IO client. Milliseconds.
 */
export async function measureLive(
  telltale: TelltaleProcess,
  root: string,
  request: LiveRequest,
): Promise<LiveResult> {
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(`${telltale.url}${liveNamespace}`, {
    transports: ['websocket'],
    auth: { token: await telltale.accessToken() },
  });
  const waiting = new Map<string, number>();
  const samples: number[] = [];
  const hops: HopSamples = { seen: [], logged: [], committed: [], arrived: [] };
  socket.on('delta', (delta) => {
    noteHops(delta, hops);
    note(delta, waiting, samples);
  });
  await new Promise<void>((done, fail) => {
    socket.on('connect_error', fail);
    socket.emit('subscribe', { room: 'fleet' }, () => done());
  });
  const before = usedCpu(telltale);
  await appendSteadily(root, request, waiting);
  const deadline = performance.now() + 10_000;
  while (waiting.size > 0 && performance.now() < deadline) await new Promise((done) => setTimeout(done, 20));
  const cpuSeconds = cpuSince(telltale, before);
  socket.close();
  const own: Record<string, number> = {};
  for (const [name, times] of Object.entries<readonly number[]>({ ...hops }))
    own[name] = percentiles(times).p50;
  return { ...percentiles(samples), lost: waiting.size, hops: own, cpuSeconds };
}

/** The product's own account: from one hop to the next, ms. Clocks are one machine's. */
interface HopSamples {
  /** From seeing bytes to the broker's time, to the commit, to the client's hands. */
  readonly seen: number[];
  readonly logged: number[];
  readonly committed: number[];
  readonly arrived: number[];
}

function noteHops({ trace }: Delta, hops: HopSamples): void {
  if (trace?.fact === undefined) return;
  hops.logged.push(trace.fact - trace.seen);
  hops.committed.push(trace.committed - trace.fact);
  hops.arrived.push(performance.timeOrigin + performance.now() - trace.committed);
  hops.seen.push(performance.timeOrigin + performance.now() - trace.seen);
}

/** A delta tells of every line of its session that was read until then: all older ones have arrived with it. */
function note(delta: Delta, waiting: Map<string, number>, samples: number[]): void {
  const now = performance.now();
  const lastActivity = delta.changes?.lastActivityAt;
  if (typeof lastActivity !== 'string') return;
  for (const [key, appended] of waiting) {
    const [session, time] = key.split(' ');
    if (session !== delta.sessionId || (time as string) > lastActivity) continue;
    samples.push(now - appended);
    waiting.delete(key);
  }
}

async function appendSteadily(
  root: string,
  request: LiveRequest,
  waiting: Map<string, number>,
): Promise<void> {
  const random = seeded(99);
  const folder = join(root, 'projects', '-home-dev-live');
  mkdirSync(folder, { recursive: true });
  const begin = Date.now();
  const sessions = Array.from({ length: request.sessions }, (_, n) => {
    const id = `${request.linesPerSecond.toString(16).padStart(8, '0')}-0000-4000-9000-${String(n).padStart(12, '0')}`;
    return { id, lines: new SessionLines(id, random, begin - 86_400_000), queue: [] as string[] };
  });
  const total = request.linesPerSecond * request.seconds;
  const start = performance.now();
  for (let sent = 0; sent < total;) {
    const due = Math.min(
      total,
      Math.floor(((performance.now() - start) / 1000) * request.linesPerSecond) + 1,
    );
    for (; sent < due; sent++) {
      const session = sessions[sent % sessions.length] as (typeof sessions)[number];
      if (session.queue.length === 0) session.queue.push(...session.lines.answer());
      const line = session.queue.shift() as string;
      waiting.set(`${session.id} ${/"timestamp":"([^"]+)"/.exec(line)?.[1]}`, performance.now());
      appendFileSync(join(folder, `${session.id}.jsonl`), `${line}\n`);
    }
    await new Promise((done) => setTimeout(done, 1));
  }
}
