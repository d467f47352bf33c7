import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pace } from '../pace';
import { finalReport, placeholder, stoppedReport, type RunSoFar } from './report';
import type { Picture, TestScript, TestStep } from './test-script';

/**
 * Goes through a UI test as its tool does: the folder first, a placeholder, a picture now and then, the report rewritten
 * after each step, and whole at the end. Gives the folder. Throws what the pace throws when told to end: then the run
 * has ended, too.
 *
 * @param root the folder that holds `session_*`; made where it is not there
 */
export async function playTestRun(script: TestScript, root: string, pace: Pace): Promise<string> {
  const run = new TestRun(script, root, pace);
  try {
    await run.play();
  } catch (error) {
    run.stop();
    throw error;
  }
  return run.folder;
}

/** A run that went through its steps in no time, as of `startedAt`. */
export function recallTestRun(script: TestScript, root: string, startedAt: Date): Promise<string> {
  let now = startedAt.getTime();
  const pass = async (ms: number) => void (now += Math.round(ms));
  return playTestRun(script, root, { now: () => new Date(now), think: pass, work: pass });
}

class TestRun {
  readonly folder: string;
  private soFar: RunSoFar;

  constructor(
    private readonly script: TestScript,
    root: string,
    private readonly pace: Pace,
  ) {
    const startedAt = pace.now();
    this.folder = join(root, `session_${startedAt.getTime()}`);
    mkdirSync(join(this.folder, 'screenshots'), { recursive: true });
    mkdirSync(join(this.folder, 'logs'));
    this.soFar = { script, startedAt, done: [], pictures: [] };
  }

  async play(): Promise<void> {
    const { pace, script } = this;
    await pace.work(600);
    this.report(placeholder(this.soFar));
    await pace.work(3200);
    await this.picture('baseline', -1, script.shows);
    for (const [index, step] of script.steps.entries()) await this.step(step, index);
    const last = script.steps.findLast(({ shows }) => shows !== undefined)?.shows;
    await this.picture('end', script.steps.length, last ?? script.shows);
    await pace.work(2500);
    this.report(finalReport(this.soFar, pace.now()));
  }

  stop(): void {
    this.report(stoppedReport(this.soFar, this.pace.now()));
  }

  private async step(step: TestStep, index: number): Promise<void> {
    const began = this.pace.now().getTime();
    await this.pace.work(step.ms);
    const at = this.pace.now();
    const done = { ...step, at, tookMs: at.getTime() - began };
    this.soFar = { ...this.soFar, done: [...this.soFar.done, done] };
    this.report(placeholder(this.soFar));
    if (step.shows) await this.picture(`action_${index}`, index, step.shows);
  }

  /** A picture is not there at once: its first half is written a moment before the rest. */
  private async picture(label: string, step: number, shows: Picture): Promise<void> {
    const at = this.pace.now();
    const filename = `${label}_${at.toISOString().slice(0, 19).replaceAll(':', '-')}.png`;
    const path = join(this.folder, 'screenshots', filename);
    const bytes = shows();
    const half = bytes.length >> 1;
    writeFileSync(path, bytes.subarray(0, half));
    await this.pace.work(60);
    appendFileSync(path, bytes.subarray(half));
    const taken = { filename, path, at, label, step };
    this.soFar = { ...this.soFar, pictures: [...this.soFar.pictures, taken] };
  }

  private report(content: object): void {
    writeFileSync(join(this.folder, 'output.json'), JSON.stringify(content, null, 2));
  }
}
