// npm run bench [-- live [lines a second …] | backfill [megabytes …] | idle [seconds]
// | lists [sessions] [messages]]: how fast the whole product is, as ratios against floors of the same run, what it costs while
// nothing happens, and how fast lists and searches of a generated database are (only where asked for: it takes a while).
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAddresses } from '../harness/run-addresses';
import { TelltaleProcess } from '../harness/telltale-process';
import { measureBackfill } from './backfill';
import { measureBareHops } from './bare-hops';
import { measureIdle } from './idle';
import { measureLists } from './lists';
import { measureLive } from './live';
import { secondsOf } from './parts';
import { ms } from './percentiles';
import { bareServerRole, runBareServer } from './sockets/bare-server';
import { clientsRole, runClients } from './sockets/clients';
import { measureSockets } from './sockets/measure-sockets';

async function live(rates: readonly number[]): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const telltale = await TelltaleProcess.start({ claudeRoot: root });
  try {
    await measureLive(telltale, root, { linesPerSecond: 50, seconds: 3, sessions: 5 }); // warms the just-in-time compilers
    for (const linesPerSecond of rates) {
      const hops = await measureBareHops({
        ...runAddresses(telltale.home),
        perSecond: linesPerSecond,
        rounds: linesPerSecond > 100 ? 500 : 120,
      });
      print(
        `bare hops      watch ${ms(hops.watch.p50)} + log ${ms(hops.jetstream.p50)} + commit ${ms(hops.commit.p50)} + socket ${ms(hops.socket.p50)} = ${ms(hops.sum.p50)} (p50), ${ms(hops.sum.p99)} (p99)`,
      );
      const result = await measureLive(telltale, root, {
        linesPerSecond,
        seconds: linesPerSecond > 100 ? 10 : 15,
        sessions: linesPerSecond > 100 ? 20 : 5,
      });
      print(
        `live ${String(linesPerSecond).padStart(4)}/s    p50 ${ms(result.p50)} (${(result.p50 / hops.sum.p50).toFixed(2)} × hops)   p99 ${ms(result.p99)} (${(result.p99 / hops.sum.p99).toFixed(2)} × hops)   ${result.count} lines, ${result.lost} lost`,
      );
      const { seen, logged, committed, arrived } = result.hops;
      print(
        `               seen → log ${ms(logged ?? NaN)} → commit ${ms(committed ?? NaN)} → client ${ms(arrived ?? NaN)}, in all ${ms(seen ?? NaN)} (p50)   cpu ${secondsOf(result.cpuSeconds)}`,
      );
      if (result.lost > 0) process.exitCode = 1;
    }
  } finally {
    await telltale.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function backfill(sizes: readonly number[]): Promise<void> {
  for (const megabytes of sizes) {
    const result = await measureBackfill(megabytes);
    const peaks = Object.entries(result.peakMiB).map(([name, mib]) => `${name} ${mib} MiB`);
    print(
      `backfill ${String(megabytes).padStart(4)} MB  ${result.seconds.toFixed(2)} s from first fact to last row, bare parse loop ${result.floorSeconds.toFixed(2)} s: ${result.ratio.toFixed(2)} ×   ${result.lines} lines   peak ${peaks.join(', ')}`,
    );
    print(`               cpu ${secondsOf(result.cpuSeconds)}`);
  }
}

async function idle(seconds: number): Promise<void> {
  const many = { folders: 500, filesPerFolder: 10 };
  for (const [what, files] of [
    ['Claude Code, a month old', { ...many, otherSessions: 0, ageSeconds: 30 * 86_400 }],
    ['Claude Code, just written', { ...many, otherSessions: 0, ageSeconds: 0 }],
    ['with Codex and OpenCode', { ...many, otherSessions: 50, ageSeconds: 30 * 86_400 }],
  ] as const) {
    const { cpuPercent, startMiB, endMiB, perSecond, ...found } = await measureIdle(files, seconds);
    const counted = Object.entries(perSecond).map(([name, count]) => `${count.toFixed(1)} ${name}`);
    print(
      `idle ${found.files} files, ${what}, ${seconds} s   ${cpuPercent.toFixed(2)} % of a core   ${startMiB.toFixed(1)} → ${endMiB.toFixed(1)} MiB   a second: ${counted.join(', ')}`,
    );
    if (cpuPercent >= 1) process.exitCode = 1;
  }
}

async function lists(sessions: number, messages: number): Promise<void> {
  const { lists: results, notModified, whole } = await measureLists({ sessions, messages }, print);
  for (const { what, p50, p99, total, scans } of results)
    print(
      `${what.padEnd(30)} p50 ${ms(p50).padStart(9)}  p99 ${ms(p99).padStart(9)}  ${total.padStart(8)}  ${scans.join(', ')}`,
    );
  for (const { what, bytes, first, changed } of whole)
    print(
      `${what.padEnd(30)} ${(bytes / 1e6).toFixed(1)} MB, first ${ms(first)}, one session changed p50 ${ms(changed.p50)}  p99 ${ms(changed.p99)}`,
    );
  for (const { clients, notModified: not, whole: all } of notModified) {
    const share = (of: (cost: typeof all) => number) =>
      `${ms(of(not))} of ${ms(of(all))} (${(of(not) / of(all)).toFixed(3)} ×)`;
    print(
      `304 against 200, ${clients} at once: gateway cpu ${share(({ gateway }) => gateway)}, with the database's ${share(({ gateway, database }) => gateway + database)}, p50 ${share(({ time }) => time.p50)}`,
    );
  }
}

async function sockets(connections: number): Promise<void> {
  const { product, bare, stall } = await measureSockets(connections);
  for (const [name, figures] of [
    ['bare Socket.IO', bare],
    ['gateway', product],
  ] as const)
    print(
      `${name.padEnd(15)} ${figures.kibPerConnection.toFixed(1)} KiB a connection, ${figures.connectionsPerGib} in a GiB   ${figures.deliveriesPerCpuSecond} deliveries a CPU second`,
    );
  const memory = product.kibPerConnection / bare.kibPerConnection;
  const deliveries = product.deliveriesPerCpuSecond / bare.deliveriesPerCpuSecond;
  print(`                memory ${memory.toFixed(2)} × bare, deliveries ${deliveries.toFixed(2)} × bare`);
  const { alone, beside, stalled, kibPerStalled } = stall;
  const ratio = beside.p99 / alone.p99;
  print(
    `100 readers     p50 ${ms(alone.p50)}, p99 ${ms(alone.p99)} alone; p50 ${ms(beside.p50)}, p99 ${ms(beside.p99)} beside ${stalled} stalled: ${ratio.toFixed(2)} ×   a stalled one costs ${kibPerStalled.toFixed(0)} KiB`,
  );
  if (memory > 1.3 || ratio > 1.5) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [which, ...given] = process.argv.slice(2);
const numbers = given.map(Number);
if (which === clientsRole) runClients();
else if (which === bareServerRole) runBareServer();
else print(`${cpus().length} cores, Node ${process.version}`);
const isAsked = (part: string) => which === undefined || which === part;
if (isAsked('live')) await live(numbers.length > 0 ? numbers : [20, 1000]);
if (isAsked('backfill')) await backfill(numbers.length > 0 ? numbers : [50, 200, 800]);
if (isAsked('idle')) await idle(numbers[0] ?? 25);
if (which === 'lists') await lists(numbers[0] ?? 100_000, numbers[1] ?? 10_000_000);
if (which === 'sockets') await sockets(numbers[0] ?? 1000);
