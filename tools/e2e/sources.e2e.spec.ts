import { eventually, testPicture } from '@telltale/platform/testing';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { appendLine, Transcript } from '../demo/transcript';
import { TelltaleProcess } from '../harness/telltale-process';
import { bringAxe } from './accessibility';
import { openBrowser, type Profile } from './browser';
import { newRoot } from './fixture';
import { look, sizes, type Place } from './look';
import { WatchedPage } from './watched-page';

const root = newRoot();
const results = mkdtempSync(join(tmpdir(), 'telltale-results-'));
const host = 'bench-host';
let telltale: TelltaleProcess;
let browser: Profile;

/** A UI test run that writes its folder as the real ones do. */
class WritingRun {
  readonly folder = `session_${Date.now()}`;
  readonly path = `/sessions/${encodeURIComponent(`${this.folder}@${host}`)}`;
  private readonly pictures: string[] = [];

  begin(): void {
    mkdirSync(join(results, this.folder, 'screenshots'), { recursive: true });
  }

  picture(): void {
    const step = this.pictures.length;
    const filename = `action_${step}_2026-03-01T10-00-0${step}.png`;
    writeFileSync(
      join(results, this.folder, 'screenshots', filename),
      testPicture(step, { width: 320, height: 200 }),
    );
    this.pictures.push(filename);
  }

  end(): void {
    const at = (second: number) => new Date(Date.now() + 1000 * second).toISOString();
    const report = {
      url: 'https://games.example/snake',
      timestamp: at(5),
      test_duration: 5,
      status: 'fail',
      playability_score: 0.34,
      issues: [
        { type: 'selector_not_found', description: 'No start button', timestamp: at(2), actionIndex: 1 },
      ],
      screenshot_metadata: this.pictures.map((filename, stepIndex) => ({
        filename,
        timestamp: at(stepIndex),
        label: `action_${stepIndex}`,
        stepIndex,
      })),
      action_timings: [
        {
          actionIndex: 0,
          executionTime: 166,
          timestamp: at(0),
          success: true,
          action: 'press',
          key: 'ArrowUp',
        },
        {
          actionIndex: 1,
          executionTime: 2485,
          timestamp: at(2),
          success: false,
          action: 'click',
          target: 'Start',
        },
      ],
      action_methods: { cua: 0, dom: 2, none: 0 },
    };
    writeFileSync(join(results, this.folder, 'output.json'), JSON.stringify(report, null, 2));
  }
}

/** A session of Claude Code with a subagent. */
function agentSession(title: string): Transcript {
  const script = { project: 'app', branch: 'main', model: 'claude-sonnet-4-5-20250929' };
  const transcript = new Transcript({ root, script, now: () => new Date(), sink: appendLine });
  transcript.prompt('Find the race.');
  transcript.answer().block({ type: 'text', text: 'I send somebody.' }, 42, 'end_turn');
  const agent = transcript.subagent('Explore', 'Find the callers of reserve()');
  agent.prompt('Find them.');
  agent.answer().block({ type: 'text', text: 'Three.' }, 42, 'end_turn');
  transcript.title(title);
  return transcript;
}

/** The live registry's file of a session that this very process would run. */
function registry({ sessionId }: Transcript, status: string, waitingFor?: string): void {
  const folder = join(root, 'sessions');
  mkdirSync(folder, { recursive: true });
  const now = Date.now();
  const record = {
    pid: process.pid,
    sessionId,
    cwd: '/demo/app',
    startedAt: now - 60_000,
    status,
    waitingFor,
  };
  writeFileSync(
    join(folder, `${process.pid}.json`),
    JSON.stringify({ ...record, statusUpdatedAt: now, updatedAt: now }),
  );
}

const open = (path: string) => WatchedPage.open(browser.context, `${telltale.url}${path}`);
const shotCount = (page: Page) => page.locator('tt-filmstrip li').count();

beforeAll(async () => {
  [telltale, browser] = await Promise.all([
    TelltaleProcess.start({ claudeRoot: root, env: { TELLTALE_TEST_RESULTS: results } }),
    openBrowser({ viewport: sizes.desktop }),
  ]);
  const first = await WatchedPage.open(browser.context, telltale.signInLink);
  await first.says('Live');
  await first.close();
});
afterAll(async () => {
  await browser?.close();
  await telltale?.stop();
  for (const folder of [root, results]) rmSync(folder, { recursive: true, force: true });
});

describe('what each source brings, in a real browser', () => {
  it('a test run grows picture by picture, opens them large, and ends with its result', async () => {
    const run = new WritingRun();
    run.begin();
    run.picture();
    const session = await open(run.path);
    const { page } = session;
    await page.locator('tt-filmstrip li').first().waitFor();
    run.picture();
    run.picture();
    await eventually(async () => expect(await shotCount(page)).toBe(3));
    await eventually(async () => {
      const loaded = await page.evaluate<boolean[]>(
        `[...document.querySelectorAll('tt-filmstrip li img')].map((image) => image.naturalWidth > 0)`,
      );
      expect(loaded).toEqual([true, true, true]);
    });

    const dialog = page.getByRole('dialog', { name: 'Screenshot' });
    const source = () => dialog.locator('img').getAttribute('src');
    await page.locator('tt-filmstrip button[data-at="0"]').click();
    await dialog.waitFor();
    const first = await source();
    await page.keyboard.press('ArrowRight');
    await eventually(async () => expect(await source()).not.toBe(first));
    for (let press = 0; press < 8; press++) {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(`!!document.activeElement.closest('dialog')`)).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await eventually(async () => expect(await page.evaluate(`document.activeElement.dataset.at`)).toBe('1'));

    run.end();
    await session.sees('Selector not found');
    await session.sees('No start button');
    await eventually(async () => {
      expect(await session.figure('Playability')).toBe('0.34');
      expect(await page.locator('tt-test-steps li').count()).toBe(2);
    });
    await page.locator('tt-test-result .verdict', { hasText: 'Failed' }).waitFor();
    await session.close();
  });

  it('a session that waits for a person catches the eye, here and in the title of the tab', async () => {
    const transcript = agentSession('The one that waits');
    const live = await open('/');
    const session = await open(`/sessions/${transcript.sessionId}`);
    await Promise.all([live.sees('The one that waits'), session.sees('Find the callers of reserve()')]);
    registry(transcript, 'waiting', 'permission to use Bash');
    await live.sees('permission to use Bash');
    await eventually(async () => expect(await live.page.title()).toBe('(1 waiting) Live · Telltale'));
    const banner = session.page.locator('tt-waiting-banner');
    await banner.filter({ hasText: 'permission to use Bash' }).waitFor();
    registry(transcript, 'busy');
    await banner.waitFor({ state: 'detached' });
    await eventually(async () => expect(await live.page.title()).toBe('Live · Telltale'));
    await session.close();
    await live.close();
  });

  it('filters are chosen by keyboard, say how many they show, and stay in the address', async () => {
    agentSession('Not a test run');
    const live = await open('/');
    const { page } = live;
    await live.sees('Not a test run');
    await page.getByRole('button', { name: /^Source/ }).focus();
    await page.keyboard.press('ArrowDown');
    const option = page.getByRole('option', { name: /UI test/ });
    await option.waitFor();
    await eventually(async () => expect(await option.innerText()).toMatch(/UI test\s+1\b/));
    await page.locator('[role="listbox"]:focus').waitFor(); // it opens a moment before it has the keys
    await page.keyboard.press('u');
    await page.locator('[role="option"].at', { hasText: 'UI test' }).waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => expect(page.url()).toBe(`${telltale.url}/?source=ui-test`));
    await eventually(async () => expect(await page.locator('tt-session-row').count()).toBe(1));
    await live.close();
    const again = await open('/?source=ui-test');
    await again.page.locator('tt-session-row').first().waitFor();
    expect(await again.page.getByText('Not a test run').filter({ visible: true }).count()).toBe(1); // in the rail
    await again.page.getByRole('button', { name: 'Clear' }).click();
    await again.page.locator('tt-session-row', { hasText: 'Not a test run' }).waitFor();
    expect(again.page.url()).toBe(`${telltale.url}/`);
    await again.close();
  });

  it('a watcher that goes silent is shown so, and lives again when it is heard', async () => {
    const hosts = await open('/hosts');
    const card = hosts.page.locator('tt-host-card', { hasText: host });
    await card.locator('.state', { hasText: 'Live' }).waitFor();
    await card.getByText(results).waitFor();
    const [watcher] = telltale.pids('apps/watcher/main.mjs');
    process.kill(watcher as number, 'SIGSTOP');
    try {
      await card.locator('.state', { hasText: 'Silent since' }).waitFor();
      expect(await hosts.page.locator('nav.rail a', { hasText: 'Hosts' }).innerText()).toMatch(/1/);
    } finally {
      process.kill(watcher as number, 'SIGCONT');
    }
    await card.locator('.state', { hasText: 'Live' }).waitFor();
    await hosts.close();
  });

  it('has no violation of WCAG 2.1 AA, in both themes, on a desktop and on a phone', async () => {
    const run = new WritingRun();
    run.begin();
    for (let n = 0; n < 3; n++) run.picture();
    run.end();
    const agents = agentSession('With an agent');
    registry(agents, 'waiting', 'permission to use Bash');
    const openLarge = async (page: Page): Promise<void> => {
      await page.locator('tt-filmstrip button[data-at="1"]').click();
      await page.getByRole('dialog').waitFor();
    };
    const openMenu = (page: Page): Promise<void> => page.getByRole('button', { name: /^Source/ }).click();
    const places: readonly Omit<Place, 'profile'>[] = [
      { name: 'Hosts', path: '/hosts', drawn: ['tt-host-card'] },
      { name: 'Live with a menu', path: '/', drawn: ['tt-session-row'], before: openMenu },
      { name: 'Test run', path: run.path, drawn: ['tt-filmstrip li', 'tt-test-issues li'] },
      { name: 'Picture', path: run.path, drawn: ['tt-filmstrip li'], before: openLarge },
      {
        name: 'Agents',
        path: `/sessions/${agents.sessionId}`,
        drawn: ['tt-agents-panel li', 'tt-waiting-banner'],
      },
    ];
    await bringAxe(browser.context);
    const found: string[] = [];
    for (const place of places)
      for (const size of ['desktop', 'phone'] as const)
        found.push(
          ...(await look(telltale.url, { ...place, profile: browser }, size)).map(
            (line) => `${place.name}, ${size}, ${line}`,
          ),
        );
    expect(found).toEqual([]);
  });
});
