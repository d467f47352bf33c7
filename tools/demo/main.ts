// npm start -- --demo: plays believable sessions of every tool into TELLTALE_DEMO_ROOT, beside the real ones, until told
// to end.
import { setTimeout as pause } from 'node:timers/promises';
import { createLogger, exitWithParent, readEnvironment } from '@telltale/platform';
import { z } from 'zod';
import { livePace, type Pace } from './pace';
import { play, recall } from './play';
import { chats } from './push/chats';
import { pushTo } from './push/gateway';
import { playChat } from './push/play-chat';
import type { Script } from './script';
import { attended, scripts, stories } from './scripts';
import { Stages } from './stages';
import { playTestRun, recallTestRun } from './test-runs/play-test-run';
import { goodOrder, refusedOrder } from './test-runs/shop-checkout';
import { hungGame, wonGame } from './test-runs/tic-tac-toe';

const logger = createLogger('demo');
exitWithParent();
const settings = readEnvironment(
  z.object({
    TELLTALE_DEMO_ROOT: z.string().min(1).describe('the folder to play into'),
    TELLTALE_DEMO_PACE: z.coerce
      .number()
      .positive()
      .default(1)
      .describe('1 for a lifelike pace, less for a faster one'),
    TELLTALE_DEMO_GATEWAY: z.url().optional().describe('where sessions are pushed to'),
    TELLTALE_DEMO_SIGN_IN: z.string().optional().describe('a one-time link, to be let in there'),
  }),
);
const { TELLTALE_DEMO_ROOT: folder, TELLTALE_DEMO_PACE: factor } = settings;
const stages = new Stages(folder, attended, process.pid);
const ending = new AbortController();
const { signal } = ending;
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => ending.abort());
process.once('exit', () => stages.registry.remove());

/** People look at what was done before they ask for more. Milliseconds. */
const restMs = { from: 60_000, to: 150_000 };
/** So soon a watcher sees what was written last, on a busy machine, too. */
const seenMs = 2000;
const hourMs = 3_600_000;

/** Plays one thing again and again. */
async function keepPlaying(
  once: (pace: Pace, begun: boolean) => Promise<unknown>,
  delayMs = 0,
): Promise<void> {
  const pace = livePace(factor, signal);
  await pause(delayMs * factor, undefined, { signal });
  for (let begun = true; ; begun = false) {
    await once(pace, begun);
    await pace.think(restMs.from, restMs.to);
  }
}

/** Each time as a new session. The first one is under way already. */
function keepWorking(script: Script, index: number): Promise<void> {
  return keepPlaying(
    (pace, begun) => play(script, { begin: stages.begin(script), pace, begun }),
    index * 400,
  );
}

function keepTesting(): Promise<void> {
  const tests = [goodOrder, wonGame, refusedOrder, hungGame];
  let next = 0;
  return keepPlaying((pace) =>
    playTestRun(tests[next++ % tests.length] ?? goodOrder, stages.rootOf('ui-test'), pace),
  );
}

/** A link is good once: a demo that was started again pushes nothing, and plays the rest. */
async function keepChatting(): Promise<void> {
  const { TELLTALE_DEMO_GATEWAY: gateway, TELLTALE_DEMO_SIGN_IN: link } = settings;
  if (gateway === undefined || !link) return;
  try {
    const push = await pushTo(gateway, link, signal);
    let next = 0;
    await keepPlaying((pace) => playChat(chats[next++ % chats.length] ?? chats[0], push, pace));
  } catch (error) {
    if (!signal.aborted) logger.warn('no more sessions are pushed', { error });
  }
}

logger.info('playing demo sessions', { root: folder, sessions: scripts.length });
for (const story of stories) await recall(story, stages.begin(story), new Date());
for (const [test, hours] of [
  [hungGame, 0.9],
  [wonGame, 0.6],
] as const)
  await recallTestRun(test, stages.rootOf('ui-test'), new Date(Date.now() - hours * hourMs));
const played = await Promise.allSettled([...scripts.map(keepWorking), keepTesting(), keepChatting()]);
const failed = played
  .filter((end) => end.status === 'rejected')
  .find((end) => !signal.aborted || (end.reason as Error).name !== 'AbortError');
if (failed) logger.error('the demo ended', { problem: String(failed.reason) });
stages.registry.remove();
await pause(seenMs);
process.exit(failed ? 1 : 0);
