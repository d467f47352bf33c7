import { randomUUID } from 'node:crypto';
import { pastPace, type Pace } from './pace';
import type { Script, Step, Story } from './script';
import { appendLine, Transcript, type Sink, type TranscriptRecord } from './transcript';

export interface Performance {
  /** The Claude Code root to play into. */
  readonly root: string;
  readonly pace: Pace;
  /** Whether its first part has happened in the last hour: there is something to see at once. */
  readonly begun: boolean;
}

/** Plays one script into a new session. Throws what the pace throws when told to end. */
export async function play(script: Script, { root, pace, begun }: Performance): Promise<void> {
  const past = new Past();
  let [current, sink]: [Pace, Sink] = begun ? [past.pace, past.sink] : [pace, appendLine];
  const transcript = new Transcript({
    root,
    script,
    now: () => current.now(),
    sink: (path, record) => sink(path, record),
  });
  const steps = (of: readonly Step[]): Promise<void> => playSteps(transcript, of, current);
  await begin(transcript, script.title, script.earlier, current);
  [current, sink] = [pace, appendLine];
  past.writeDown(pace.now());
  await steps(script.steps);
  const { prompt, names, task, round, close } = script.next;
  const tasks = names.map(task);
  await steps([{ kind: 'prompt', text: prompt }]);
  for (const [done, name] of names.entries())
    await steps([{ kind: 'todos', done, of: tasks }, ...round(name)]);
  await steps([
    { kind: 'todos', done: names.length, of: tasks },
    { kind: 'say', text: close },
  ]);
}

/** Writes down a session that has ended by now. */
export async function recall(root: string, story: Story, now: Date): Promise<void> {
  const past = new Past();
  const transcript = new Transcript({ root, script: story, now: () => past.pace.now(), sink: past.sink });
  await begin(transcript, story.title, story.steps, past.pace);
  past.writeDown(new Date(now.getTime() - story.endedHoursAgo * 3_600_000));
}

async function begin(
  transcript: Transcript,
  title: string,
  steps: readonly Step[],
  pace: Pace,
): Promise<void> {
  await playSteps(transcript, steps.slice(0, 1), pace);
  transcript.title(`Demo: ${title}`);
  await playSteps(transcript, steps.slice(1), pace);
}

async function playSteps(transcript: Transcript, steps: readonly Step[], pace: Pace): Promise<void> {
  for (const step of steps) await playStep(transcript, step, pace);
}

/** Keeps what is played in it, to be written down as if it had ended at a given time. */
class Past {
  readonly pace = pastPace();
  private readonly kept: { path: string; record: TranscriptRecord }[] = [];
  readonly sink: Sink = (path, record) => this.kept.push({ path, record });

  writeDown(end: Date): void {
    const shift = end.getTime() - this.pace.now().getTime();
    for (const { path, record } of this.kept) {
      const { timestamp } = record;
      const moved =
        typeof timestamp === 'string'
          ? { timestamp: new Date(Date.parse(timestamp) + shift).toISOString() }
          : {};
      appendLine(path, { ...record, ...moved });
    }
  }
}

async function playStep(transcript: Transcript, step: Step, pace: Pace): Promise<void> {
  switch (step.kind) {
    case 'prompt':
      transcript.prompt(step.text);
      return pace.think(500, 1200);
    case 'say':
      return say(transcript, step.text, pace);
    case 'tool':
      return useTool(transcript, step, pace);
    case 'todos':
      return useTool(
        transcript,
        {
          name: 'TodoWrite',
          input: { todos: todosOf(step) },
          result: 'Todos have been modified successfully.',
          ms: 20,
        },
        pace,
      );
    case 'mode':
      return transcript.state({ type: 'permission-mode', permissionMode: step.mode });
    case 'pull-request':
      return transcript.state({
        type: 'pr-link',
        prNumber: step.number,
        prUrl: `https://github.com/${step.repository}/pull/${step.number}`,
        prRepository: step.repository,
        timestamp: pace.now().toISOString(),
      });
    case 'agent':
      return runAgent(transcript, step, pace);
  }
}

async function say(transcript: Transcript, text: string, pace: Pace): Promise<void> {
  const answer = transcript.answer();
  answer.block({ type: 'thinking', thinking: 'Let me see what that means.' }, 3);
  await pace.think(900, 2600);
  answer.block({ type: 'text', text }, 40 + text.length, 'end_turn');
  await pace.think(1000, 3000);
}

async function useTool(
  transcript: Transcript,
  tool: {
    readonly name: string;
    readonly input: Record<string, unknown>;
    readonly result: string;
    readonly ms: number;
    readonly fails?: true;
  },
  pace: Pace,
): Promise<void> {
  const id = toolUseId();
  transcript
    .answer()
    .block(
      { type: 'tool_use', id, name: tool.name, input: tool.input },
      60 + JSON.stringify(tool.input).length,
      'tool_use',
    );
  await pace.work(tool.ms);
  transcript.result(id, tool.result, tool.fails ?? false);
  await pace.think(800, 3400);
}

async function runAgent(
  transcript: Transcript,
  step: Extract<Step, { kind: 'agent' }>,
  pace: Pace,
): Promise<void> {
  const id = toolUseId();
  const input = { description: step.description, subagent_type: step.type, prompt: step.description };
  transcript.answer().block({ type: 'tool_use', id, name: 'Task', input }, 120, 'tool_use');
  const agent = transcript.subagent(step.type, step.description);
  agent.prompt(step.description);
  for (const inner of step.steps) await playStep(agent, inner, pace);
  transcript.result(id, 'The agent has reported.', false, { agentId: agent.agentId, status: 'completed' });
  await pace.think(400, 900);
}

function toolUseId(): string {
  return `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}

function todosOf(step: Extract<Step, { kind: 'todos' }>): unknown[] {
  return step.of.map((content, index) => ({
    content,
    activeForm: content,
    status: index < step.done ? 'completed' : index === step.done ? 'in_progress' : 'pending',
  }));
}
