import { eventually } from '@telltale/platform/testing';
import { rmSync } from 'node:fs';
import { ClaudeRecorder } from '../demo/claude-code/claude-recorder';
import { livePace } from '../demo/pace';
import { play } from '../demo/play';
import { billing } from '../demo/scripts/billing';
import { appendLine, Transcript } from '../demo/transcript';
import { TelltaleProcess } from '../harness/telltale-process';
import { bringAxe } from './accessibility';
import { openBrowser, type Profile } from './browser';
import { newRoot } from './fixture';
import { look, sizes, type Place } from './look';
import { WatchedPage } from './watched-page';
import { WebSocketGate } from './web-socket-gate';

const root = newRoot();
let telltale: TelltaleProcess;
let browser: Profile;
let made = 0;

/** A session with a title and a first prompt. */
function newSession(): { transcript: Transcript; title: string; path: string } {
  const title = `Session ${++made} of this test`;
  const script = { project: 'app', branch: 'main', model: 'claude-sonnet-4-5-20250929' };
  const transcript = new Transcript({ root, script, now: () => new Date(), sink: appendLine });
  transcript.prompt('Find the race.');
  transcript.title(title);
  return { transcript, title, path: `/sessions/${transcript.sessionId}` };
}

const open = (path: string, base = telltale.url) => WatchedPage.open(browser.context, `${base}${path}`);

beforeAll(async () => {
  [telltale, browser] = await Promise.all([
    TelltaleProcess.start({ claudeRoot: root }),
    openBrowser({ viewport: sizes.desktop }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await telltale?.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('the page in a real browser', () => {
  it('is signed in by the printed link, which works once and does not stay in the address', async () => {
    const first = await WatchedPage.open(browser.context, telltale.signInLink);
    await first.page.getByRole('heading', { name: 'Live', exact: true }).waitFor();
    await first.says('Live');
    expect(first.page.url()).toBe(`${telltale.url}/`);
    await first.close();
    const again = await WatchedPage.open(browser.context, telltale.signInLink);
    await again.sees('used already or has expired');
    await again.close({ brokenConnection: true }); // Chromium itself tells of the refusal
  });

  it('shows a session that begins, and each line of it, without being loaded anew', async () => {
    const live = await open('/');
    await live.says('Live');
    const { transcript, title, path } = newSession();
    await live.sees(title);

    const session = await open(path);
    await session.says('Live');
    await session.sees('Find the race.');
    await eventually(async () => expect(await session.figure('Messages')).toBe('1'));

    transcript.answer().block({ type: 'text', text: 'The stock is read before the lock.' }, 42, 'end_turn');
    await session.sees('The stock is read before the lock.');
    await eventually(async () => expect(await session.figure('Messages')).toBe('2'));
    await live.sees('The stock is read before the lock.');
    transcript.title(`${title}, renamed`);
    await Promise.all([live.sees(`${title}, renamed`), session.sees(`${title}, renamed`)]);
    await session.close();
    await live.close();
  });

  it('polls where WebSocket is blocked, and says so; is live again when it no longer is', async () => {
    const gate = await WebSocketGate.before(telltale.url);
    try {
      const { transcript, path } = newSession();
      const session = await open(path, gate.url);
      await session.says('Live');
      gate.close();
      await session.says('Connecting');
      await session.says('Polling');
      transcript.prompt('Written while WebSocket is blocked.');
      await session.sees('Written while WebSocket is blocked.');
      expect(await session.badge.innerText()).toBe('Polling');
      gate.open();
      await session.says('Live');
      transcript.prompt('Written when it is open again.');
      await session.sees('Written when it is open again.');
      await session.close({ brokenConnection: true });
    } finally {
      gate.stop();
    }
  });

  it('keeps what it knew while the gateway is dead, and is current again when it is back', async () => {
    const { transcript, title, path } = newSession();
    transcript.answer().block({ type: 'text', text: 'It costs something.' }, 42, 'end_turn');
    const [live, session] = [await open('/'), await open(path)];
    await Promise.all([live.says('Live'), session.says('Live'), live.sees(title)]);
    const charts = [live.page.locator('tt-cost-chart svg'), session.page.locator('tt-token-chart svg')];
    await Promise.all(charts.map((chart) => chart.first().waitFor()));
    const [gateway] = telltale.pids('apps/gateway/main.mjs');
    const left = Promise.all([live, session].map((page) => page.says('Connecting')));
    process.kill(gateway as number, 'SIGKILL');
    await left;
    expect(await session.figure('Messages')).toBe('2');
    await Promise.all([live.sees(title), session.sees('Find the race.')]);
    transcript.prompt('Written while the gateway was dead.');
    await Promise.all([live, session].map((page) => page.says('Live')));
    await session.sees('Written while the gateway was dead.');
    await eventually(async () => expect(await session.figure('Messages')).toBe('3'));
    await session.close({ brokenConnection: true });
    await live.close({ brokenConnection: true });
  });

  it('shows markup, scripts and javascript: links as text', async () => {
    const hostile =
      '<img src=x onerror=alert(1)><script>alert(2)</script><a href="javascript:alert(3)">link</a>';
    const { transcript, path } = newSession();
    const [live, session] = [await open('/'), await open(path)];
    transcript.title(`Title ${hostile}`);
    transcript.prompt(`Prompt ${hostile}`);
    const use = {
      type: 'tool_use',
      id: 'toolu_hostile',
      name: 'Bash',
      input: { command: `echo ${hostile}` },
    };
    transcript.answer().block(use, 40, 'tool_use');
    transcript.result('toolu_hostile', `Result ${hostile}`, false);
    const url = 'javascript:alert(4)';
    transcript.state({
      type: 'pr-link',
      prNumber: 1,
      prUrl: url,
      prRepository: hostile,
      timestamp: new Date().toISOString(),
    });
    for (const word of ['Title', 'Prompt', 'Result']) await session.sees(`${word} ${hostile}`);
    await live.sees(`Title ${hostile}`);
    await session.page.getByRole('button', { name: 'Bash' }).click();
    await session.sees(`Result ${hostile}`);
    for (const { page } of [live, session])
      expect(await page.locator('img[src="x"], script:not([src]), a[href^="javascript:" i]').count()).toBe(0);
    await session.close();
    await live.close();
  });

  it('has no violation of WCAG 2.1 AA, in both themes, on a desktop and on a phone', async () => {
    const ending = new AbortController();
    const begin = (now: () => Date) => new ClaudeRecorder({ root, setting: billing, now });
    await play(billing, { begin, pace: livePace(0.001, ending.signal), begun: true });
    const finder = await open('/');
    const row = finder.page.locator('tt-session-row a', { hasText: billing.title });
    const path = await row.getAttribute('href');
    await finder.close();
    const stranger = await openBrowser();
    const places: readonly Place[] = [
      { name: 'sign-in', profile: stranger, path: '/sign-in', drawn: ['#password'] },
      { name: 'Live', profile: browser, path: '/', drawn: ['tt-session-row', 'tt-cost-chart svg'] },
      {
        name: 'Session',
        profile: browser,
        path: path ?? '',
        drawn: ['tt-message-row', 'tt-token-chart svg'],
      },
    ];
    const found: string[] = [];
    try {
      for (const { context } of [browser, stranger]) await bringAxe(context);
      for (const place of places)
        for (const size of ['desktop', 'phone'] as const)
          found.push(
            ...(await look(telltale.url, place, size)).map((line) => `${place.name}, ${size}, ${line}`),
          );
    } finally {
      await stranger.close();
    }
    expect(found).toEqual([]);
  });
});
