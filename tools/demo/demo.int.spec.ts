import type { Session, SessionList, Summary } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TelltaleProcess } from '../harness/telltale-process';
import { attended } from './scripts';

const home = mkdtempSync(join(tmpdir(), 'telltale-home-'));
const claudeRoot = mkdtempSync(join(tmpdir(), 'telltale-root-'));
afterAll(() => {
  for (const folder of [home, claudeRoot]) rmSync(folder, { recursive: true, force: true });
});

const sessionsIn = async (telltale: TelltaleProcess): Promise<readonly Summary[]> =>
  (await telltale.get<SessionList>('/api/sessions?limit=200')).items;
const attendedOf = (all: readonly Summary[]): Summary | undefined =>
  all.find(({ title }) => title === `Demo: ${attended.title}`);

it('npm start -- --demo shows a session of each source, and all of them end with it', async () => {
  const patient = { timeoutMs: 60_000, everyMs: 250 };
  const request = { claudeRoot, home };
  const telltale = await TelltaleProcess.start({
    ...request,
    args: ['--demo'],
    env: { TELLTALE_DEMO_PACE: '1' }, // the waiting is seen however slow the machine is, and no second test run begins
  });
  try {
    // First what passes by, then what stays.
    await eventually(async () => {
      expect(attendedOf(await sessionsIn(telltale))).toMatchObject({
        status: 'waiting',
        waitingFor: 'permission to run npm publish --dry-run',
      });
    }, patient);
    await eventually(async () => {
      const all = await sessionsIn(telltale);
      expect([...new Set(all.map(({ source }) => source))].sort()).toEqual([
        'claude-code',
        'codex',
        'gemini',
        'opencode',
        'push',
        'ui-test',
      ]);
      expect(all.filter(({ title }) => !title?.startsWith('Demo: '))).toEqual([]);
      expect(all.filter(({ project }) => !project?.path.includes('/demo/'))).toEqual([]);
    }, patient);
    // Two pictures of the run that goes on, the second while we look.
    const run = await eventually(async () => {
      const all = await sessionsIn(telltale);
      const running = all.find(({ source, status }) => source === 'ui-test' && status === 'running');
      expect(running).toBeDefined();
      return running;
    }, patient);
    await eventually(async () => {
      const { screenshots } = await telltale.get<Session>(`/api/sessions/${run?.id}`);
      expect(screenshots.length).toBeGreaterThan(1);
      expect(screenshots[0]).toMatchObject({ label: 'baseline', width: 800, height: 450 });
    }, patient);
    const { quarantined } = await telltale.get<{ quarantined: number }>('/api/pipeline');
    expect(quarantined).toBe(0);
  } finally {
    await telltale.end();
  }
  const again = await TelltaleProcess.start(request);
  try {
    const all = await sessionsIn(again);
    expect(attendedOf(all)).toMatchObject({ status: 'completed' });
    const runs = all.filter(({ source }) => source === 'ui-test');
    expect(runs).toHaveLength(3);
    expect(runs.map(({ status }) => status)).not.toContain('running');
  } finally {
    await again.end();
  }
});
