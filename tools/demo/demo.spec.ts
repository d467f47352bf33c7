import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { livePace } from './pace';
import { play, recall } from './play';
import { scripts, stories } from './scripts';

interface Line {
  readonly type: string;
  readonly timestamp?: string;
  readonly customTitle?: string;
}

const now = new Date('2026-03-04T16:00:00.000Z');
const hour = 3_600_000;
let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'telltale-demo-spec-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** All lines of all transcripts below the root, those of agents too. */
function written(): Line[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jsonl'))
    .flatMap((path) => readFileSync(join(root, path), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Line);
}
const times = (): number[] =>
  written().flatMap(({ timestamp }) => (timestamp === undefined ? [] : [Date.parse(timestamp)]));
const titles = (): (string | undefined)[] =>
  written()
    .filter(({ type }) => type === 'custom-title')
    .map(({ customTitle }) => customTitle);

describe('the demo', () => {
  it.each(scripts)('plays "$title": begun before, and nothing of it in the future', async (script) => {
    const { signal } = new AbortController();
    const pace = { ...livePace(0.0001, signal), now: () => now };
    await play(script, { root, pace, begun: true });
    expect(titles()).toEqual([`Demo: ${script.title}`]);
    expect(Math.max(...times())).toBe(now.getTime());
    expect(Math.min(...times())).toBeLessThan(now.getTime() - hour / 12);
    expect(Math.min(...times())).toBeGreaterThan(now.getTime() - hour);
  });

  it.each(stories)('recalls "$title", which ended hours ago', async (story) => {
    await recall(root, story, now);
    expect(titles()).toEqual([`Demo: ${story.title}`]);
    const end = now.getTime() - story.endedHoursAgo * hour;
    expect(Math.max(...times())).toBeLessThanOrEqual(end);
    expect(Math.min(...times())).toBeGreaterThan(end - hour);
  });

  it('ends when told to', async () => {
    const ending = new AbortController();
    const [script] = scripts;
    if (!script) throw new Error('there is no script');
    const playing = play(script, { root, pace: livePace(1, ending.signal), begun: true });
    ending.abort();
    await expect(playing).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
  });
});
