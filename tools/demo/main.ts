// npm start -- --demo: plays believable agent sessions into TELLTALE_DEMO_ROOT, beside the real ones, until told to end.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createLogger, exitWithParent, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { livePace } from './pace';
import { play, recall } from './play';
import type { Script } from './script';
import { scripts, stories } from './scripts';

const logger = createLogger('demo');
exitWithParent();
const { TELLTALE_DEMO_ROOT: folder, TELLTALE_DEMO_PACE: factor } = readEnvironment(
  z.object({
    TELLTALE_DEMO_ROOT: z.string().min(1).describe('the folder to play into'),
    TELLTALE_DEMO_PACE: z.coerce
      .number()
      .positive()
      .default(1)
      .describe('1 for a lifelike pace, less for a faster one'),
  }),
);
const root = join(folder, 'claude-code');
const ending = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => ending.abort());

/** People look at what was done before they ask for more. Milliseconds. */
const restMs = { from: 60_000, to: 150_000 };

/** Plays a script again and again, each time as a new session. The first one is under way already. */
async function keepPlaying(script: Script, delayMs: number): Promise<void> {
  const { signal } = ending;
  const pace = livePace(factor, signal);
  await pause(delayMs * factor, undefined, { signal });
  for (let begun = true; ; begun = false) {
    await play(script, { root, pace, begun });
    await pace.think(restMs.from, restMs.to);
  }
}

logger.info('playing demo sessions', { root, sessions: scripts.length });
for (const story of stories) await recall(root, story, new Date());
const played = await Promise.allSettled(scripts.map((script, index) => keepPlaying(script, index * 400)));
const failed = played
  .filter((end) => end.status === 'rejected')
  .find((end) => !ending.signal.aborted || (end.reason as Error).name !== 'AbortError');
if (failed) logger.error('the demo ended', { problem: String(failed.reason) });
process.exit(failed ? 1 : 0);
