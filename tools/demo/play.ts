import { pastPace, type Pace } from './pace';
import type { Recorder } from './recorder';
import { say, todos, type Script, type Step, type Story } from './script';

/** Begins a new session; `now` says what time it is for whoever records it. */
export type Begin = (now: () => Date) => Recorder;

export interface Performance {
  readonly begin: Begin;
  readonly pace: Pace;
  /** Whether its first part has happened in the last hour: there is something to see at once. */
  readonly begun: boolean;
}

/** Plays one script into a new session. Throws what the pace throws when told to end. */
export async function play(script: Script, { begin, pace, begun }: Performance): Promise<void> {
  let current = begun ? await past(script.earlier, pace.now()) : pace;
  const recorder = begin(() => current.now());
  await playSteps(recorder, script.earlier, current);
  current = pace;
  await playSteps(recorder, script.steps, pace);
  const { prompt, names, task, round, close } = script.next;
  const tasks = names.map(task);
  await playSteps(recorder, [{ kind: 'prompt', text: prompt }], pace);
  for (const [done, name] of names.entries())
    await playSteps(recorder, [todos(done, tasks), ...round(name)], pace);
  await playSteps(recorder, [todos(names.length, tasks), say(close)], pace);
  recorder.rest?.();
}

/** Writes down a session that has ended by now. */
export async function recall(story: Story, begin: Begin, now: Date): Promise<void> {
  const pace = await past(story.steps, new Date(now.getTime() - story.endedHoursAgo * 3_600_000));
  const recorder = begin(() => pace.now());
  await playSteps(recorder, story.steps, pace);
  recorder.rest?.();
}

function past(steps: readonly Step[], end: Date): Promise<Pace> {
  return pastPace(end, (pace) => playSteps(silent, steps, pace));
}

/** Nobody writes down what is only tried. */
const silent: Recorder = {
  prompt: () => undefined,
  think: () => undefined,
  say: () => undefined,
  call: () => () => undefined,
  agent: () => ({ recorder: silent, end: () => undefined }),
};

async function playSteps(recorder: Recorder, steps: readonly Step[], pace: Pace): Promise<void> {
  for (const step of steps) await playStep(recorder, step, pace);
}

async function playStep(recorder: Recorder, step: Step, pace: Pace): Promise<void> {
  switch (step.kind) {
    case 'prompt':
      recorder.prompt(step.text);
      return pace.think(500, 1200);
    case 'say':
      recorder.think();
      await pace.think(900, 2600);
      recorder.say(step.text);
      return pace.think(1000, 3000);
    case 'tool':
      return useTool(recorder, step, pace);
    case 'agent':
      return runAgent(recorder, step, pace);
    case 'mode':
      return recorder.mode?.(step.mode);
    case 'pull-request':
      return recorder.pullRequest?.(step.number, step.repository);
  }
}

async function useTool(
  recorder: Recorder,
  { deed, ms, result, fails, askedMs }: Extract<Step, { kind: 'tool' }>,
  pace: Pace,
): Promise<void> {
  const end = recorder.call(deed);
  if (askedMs !== undefined) {
    recorder.ask?.(deed);
    await pace.work(askedMs);
    recorder.answered?.();
  }
  await pace.work(ms);
  end(result, fails ?? false);
  await pace.think(800, 3400);
}

async function runAgent(
  recorder: Recorder,
  { type, description, steps }: Extract<Step, { kind: 'agent' }>,
  pace: Pace,
): Promise<void> {
  const agent = recorder.agent(type, description);
  await playSteps(agent.recorder, steps, pace);
  agent.recorder.rest?.();
  agent.end();
  await pace.think(400, 900);
}
