import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pace } from '../pace';
import { gamePicture, type Board } from './game-board';
import { finalReport, placeholder, type RunSoFar } from './report';
import type { TestScript } from './tic-tac-toe';

/**
 * Goes through a UI test as its tool does: the folder first, a placeholder, a picture now and then, the report rewritten
 * after each step, and whole at the end. Gives the folder. Throws what the pace throws when told to end.
 *
 * @param root the folder that holds `session_*`; made where it is not there
 */
export async function playTestRun(script: TestScript, root: string, pace: Pace): Promise<string> {
  const startedAt = pace.now();
  const folder = join(root, `session_${startedAt.getTime()}`);
  mkdirSync(join(folder, 'screenshots'), { recursive: true });
  mkdirSync(join(folder, 'logs'));
  let run: RunSoFar = { script, startedAt, done: [], pictures: [] };
  const report = (content: object) =>
    writeFileSync(join(folder, 'output.json'), JSON.stringify(content, null, 2));
  const picture = async (label: string, step: number, board: Board | null) => {
    const taken = await takePicture(folder, label, { board, pace });
    run = { ...run, pictures: [...run.pictures, { ...taken, label, step }] };
  };
  await pace.work(600);
  report(placeholder(run));
  await pace.work(3200);
  await picture('baseline', -1, null);
  for (const [index, step] of script.steps.entries()) {
    const began = pace.now().getTime();
    await pace.work(step.ms);
    const at = pace.now();
    run = { ...run, done: [...run.done, { ...step, at, tookMs: at.getTime() - began }] };
    report(placeholder(run));
    if (step.shows !== undefined) await picture(`action_${index}`, index, step.shows);
  }
  await picture(
    'end',
    script.steps.length,
    script.steps.findLast(({ shows }) => shows !== undefined)?.shows ?? null,
  );
  await pace.work(2500);
  report(finalReport(run, pace.now()));
  return folder;
}

/** A run that went through its steps in no time, as of `startedAt`. */
export function recallTestRun(script: TestScript, root: string, startedAt: Date): Promise<string> {
  let now = startedAt.getTime();
  const pass = async (ms: number) => void (now += Math.round(ms));
  return playTestRun(script, root, { now: () => new Date(now), think: pass, work: pass });
}

/** A picture is not there at once: its first half is written a moment before the rest. */
async function takePicture(
  folder: string,
  label: string,
  { board, pace }: { readonly board: Board | null; readonly pace: Pace },
): Promise<{ filename: string; path: string; at: Date }> {
  const at = pace.now();
  const filename = `${label}_${at.toISOString().slice(0, 19).replaceAll(':', '-')}.png`;
  const path = join(folder, 'screenshots', filename);
  const bytes = gamePicture(board);
  const half = bytes.length >> 1;
  writeFileSync(path, bytes.subarray(0, half));
  await pace.work(60);
  appendFileSync(path, bytes.subarray(half));
  return { filename, path, at };
}
