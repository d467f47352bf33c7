import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { livePace } from '../pace';
import { shown } from '../testing/shown';
import { playTestRun, recallTestRun } from './play-test-run';
import { goodOrder, refusedOrder } from './shop-checkout';
import { hungGame, wonGame } from './tic-tac-toe';

const startedAt = new Date('2026-03-04T16:00:00.000Z');
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'telltale-demo-spec-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Report {
  readonly status: string;
  readonly test_duration?: number;
  readonly screenshots: readonly string[];
  readonly issues: readonly unknown[];
}
const reportIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'output.json'), 'utf8')) as Report;

it.each([
  ['won game', 'completed', wonGame, 0],
  ['hung game', 'failed', hungGame, 1],
  ['good order', 'completed', goodOrder, 0],
  ['refused order', 'failed', refusedOrder, 1],
] as const)('the %s is shown as a run that has %s', async (_, status, script, issues) => {
  const folder = await recallTestRun(script, root, startedAt);
  expect(basename(folder)).toBe('session_1772640000000');
  const { refused, sessions } = shown('ui-test', root, new Date(startedAt.getTime() + 3_600_000));
  expect(refused).toEqual([]);
  expect(sessions).toHaveLength(1);
  expect(sessions[0]?.summary).toMatchObject({
    id: 'session_1772640000000@atlas',
    title: expect.stringMatching(/^Demo: \/demo\//) as string,
    status,
    startedAt: startedAt.toISOString(),
    stats: { toolCalls: script.steps.length, toolErrors: issues, errors: issues },
  });
  expect(sessions[0]?.detail.test?.issues).toHaveLength(issues);
  const pictures = readdirSync(join(folder, 'screenshots')).sort();
  expect(pictures).toEqual([...reportIn(folder).screenshots].sort());
  expect(pictures).toEqual(Object.keys(sessions[0]?.detail.test?.pictures ?? {}).sort());
  expect(pictures.length).toBeGreaterThan(5);
  for (const name of pictures) {
    const bytes = readFileSync(join(folder, 'screenshots', name));
    expect([
      bytes.toString('latin1', 1, 4),
      bytes.toString('latin1', bytes.length - 8, bytes.length - 4),
    ]).toEqual(['PNG', 'IEND']);
  }
});

it('says nothing of its end before it is there, and has failed when told to end before', async () => {
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
  const { sessions } = shown('ui-test', root, new Date());
  expect(sessions.map(({ summary }) => summary.status)).toEqual(['failed']);
});
