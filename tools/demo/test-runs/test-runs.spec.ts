import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { livePace } from '../pace';
import { playTestRun, recallTestRun } from './play-test-run';
import { hungGame, wonGame } from './tic-tac-toe';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'telltale-demo-spec-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Report {
  readonly status: string;
  readonly test_duration?: number;
  readonly timestamp: string;
  readonly screenshots: readonly string[];
  readonly issues: readonly unknown[];
}
const reportIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'output.json'), 'utf8')) as Report;

it.each([
  ['pass', wonGame, 0],
  ['fail', hungGame, 1],
] as const)('plays a run that says %s in the end', async (status, script, issues) => {
  const folder = await recallTestRun(script, root, new Date('2026-03-04T16:00:00.000Z'));
  expect(basename(folder)).toBe('session_1772640000000');
  const report = reportIn(folder);
  expect(report).toMatchObject({ status, test_duration: expect.any(Number) as number });
  expect(report.issues).toHaveLength(issues);
  expect(Date.parse(report.timestamp)).toBeGreaterThan(Date.parse('2026-03-04T16:00:10.000Z'));
  const pictures = readdirSync(join(folder, 'screenshots')).sort();
  expect(pictures).toEqual([...report.screenshots].sort());
  expect(pictures.length).toBeGreaterThan(5);
  for (const name of pictures) {
    const bytes = readFileSync(join(folder, 'screenshots', name));
    expect([
      bytes.toString('latin1', 1, 4),
      bytes.toString('latin1', bytes.length - 8, bytes.length - 4),
    ]).toEqual(['PNG', 'IEND']);
  }
});

it('says nothing of its end before it is there, and ends when told to', async () => {
  const ending = new AbortController();
  const { signal } = ending;
  const pace = livePace(0.0001, signal);
  const seen: Report[] = [];
  const spied = {
    ...pace,
    work: async (ms: number) => {
      await pace.work(ms);
      if (ms !== 2500) return;
      for (const name of readdirSync(root)) seen.push(reportIn(join(root, name)));
      ending.abort();
      await pace.work(1);
    },
  };
  await expect(playTestRun(wonGame, root, spied)).rejects.toThrow(
    expect.objectContaining({ name: 'AbortError' }) as Error,
  );
  expect(seen).toMatchObject([{ status: 'pass', issues: [] }]);
  expect(seen[0]?.test_duration).toBeUndefined();
});
