import type { Pipeline } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { appendFileSync, rmSync } from 'node:fs';
import { peakMiB } from '../harness/memory';
import { TelltaleProcess } from '../harness/telltale-process';
import { countsExactly, newRoot, WritingSession } from './fixture';

/** Writes to every session in turn until told to stop; always a whole answer more. */
function keepWriting(sessions: readonly WritingSession[]): () => void {
  let n = 0;
  const timer = setInterval(() => sessions[n++ % sessions.length]?.answer(), 20);
  return () => clearInterval(timer);
}

describe('kill -9 while lines are appended', () => {
  const root = newRoot();
  const sessions = ['a', 'b', 'c'].map((name, n) => new WritingSession(root, `fault-${name}`, n));
  let telltale: TelltaleProcess;

  beforeAll(async () => {
    telltale = await TelltaleProcess.start({ claudeRoot: root });
    for (const session of sessions) session.prompt();
    await countsExactly(telltale, sessions);
  });
  afterAll(async () => {
    await telltale.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it.each([
    ['the watcher', 'apps/watcher/main.mjs'],
    ['ingest', 'apps/ingest/main.mjs'],
    ['the gateway', 'apps/gateway/main.mjs'],
    ['NATS', 'nats-server'],
    ['PostgreSQL', 'bin/postgres'],
  ])('%s comes back by itself and the totals are exact', async (_, command) => {
    const stopWriting = keepWriting(sessions);
    try {
      const before = sessions.map(({ lines }) => lines.messages);
      await eventually(() =>
        expect(sessions.every(({ lines }, n) => lines.messages > (before[n] ?? 0))).toBe(true),
      );
      const [pid] = telltale.pids(command);
      expect(pid).toBeGreaterThan(0);
      process.kill(pid as number, 'SIGKILL');
      await eventually(
        () => {
          const [next] = telltale.pids(command);
          expect(next).toBeGreaterThan(0);
          expect(next).not.toBe(pid);
        },
        { timeoutMs: 60_000 },
      );
      const later = sessions.map(({ lines }) => lines.messages);
      await eventually(() =>
        expect(sessions.every(({ lines }, n) => lines.messages > (later[n] ?? 0))).toBe(true),
      );
    } finally {
      stopWriting();
    }
    await countsExactly(telltale, sessions);
  });
});

describe('hostile records', () => {
  it('cost only themselves: neighbours are counted, and the quarantine says why', async () => {
    const root = newRoot();
    const telltale = await TelltaleProcess.start({ claudeRoot: root });
    try {
      const session = new WritingSession(root, 'hostile');
      const append = (bytes: Uint8Array | string) => appendFileSync(session.path, bytes);
      session.prompt();
      append(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(`${session.lines.prompt()}\n`)])); // a BOM
      append(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x0a])); // {" and no UTF-8
      session.answer();
      append('{"type":"user",\n'); // broken JSON
      append(`${'\0'.repeat(4096)}\n`);
      append('{"type":"user","message":{"role":"user","content":"lone \\ud800 surrogate"},"uuid":"lone"}\n');
      append(`${'['.repeat(10_000)}${']'.repeat(10_000)}\n`);
      session.answer();
      append(
        `{"type":"progress","uuid":"sixty","data":{"type":"bash_progress","output":"${'x'.repeat(60_000_000)}"}}\n`,
      );
      session.answer();
      append('{"half a line": "that is not'); // no newline: not read yet
      session.lines.messages++; // the lone surrogate's prompt is one
      await countsExactly(telltale, [session]);
      await eventually(async () => {
        const { quarantined } = await telltale.get<Pipeline>('/api/pipeline');
        expect(quarantined).toBeGreaterThanOrEqual(3); // no UTF-8, broken JSON, an array
      });
      append(' whole"}\n');
      const other = new WritingSession(root, 'neighbour', 3);
      other.prompt();
      other.answer();
      await countsExactly(telltale, [session, other]);
      for (const part of ['apps/watcher/main', 'apps/ingest/main'])
        for (const pid of telltale.pids(part)) expect(peakMiB(pid)).toBeLessThan(900);
    } finally {
      await telltale.stop();
      rmSync(root, { recursive: true, force: true });
    }
  });
});

describe('a second start', () => {
  it('goes on from the state of the first, beside another instance', async () => {
    const root = newRoot();
    const session = new WritingSession(root, 'again');
    session.prompt();
    session.answer();
    const first = await TelltaleProcess.start({ claudeRoot: root });
    const beside = await TelltaleProcess.start({ claudeRoot: root });
    try {
      await Promise.all([countsExactly(first, [session]), countsExactly(beside, [session])]);
      await first.end();
      session.answer();
      const again = await TelltaleProcess.start({ claudeRoot: root, home: first.home });
      await countsExactly(again, [session]);
      await again.stop();
    } finally {
      await beside.stop();
      rmSync(first.home, { recursive: true, force: true });
      rmSync(root, { recursive: true, force: true });
    }
  });
});
