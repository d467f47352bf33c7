import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Script, Step } from './script';
import { Transcript } from './transcript';

export interface Pace {
  /** 1 is lifelike; smaller is faster. */
  readonly factor: number;
  readonly signal: AbortSignal;
}

/** Plays one script into a new session, at a lifelike pace. Throws the signal's AbortError when told to end. */
export async function play(root: string, script: Script, pace: Pace): Promise<void> {
  const transcript = new Transcript(root, script);
  for (const [index, step] of script.steps.entries()) {
    await playStep(transcript, step, pace);
    if (index === 0) transcript.title(`Demo: ${script.title}`);
  }
}

async function playStep(transcript: Transcript, step: Step, pace: Pace): Promise<void> {
  switch (step.kind) {
    case 'prompt':
      transcript.prompt(step.text);
      return wait(pace, 900, 1600);
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
    case 'pull-request': {
      const url = `https://github.com/${step.repository}/pull/${step.number}`;
      return transcript.state({
        type: 'pr-link',
        prNumber: step.number,
        prUrl: url,
        prRepository: step.repository,
        timestamp: new Date().toISOString(),
      });
    }
    case 'agent':
      return runAgent(transcript, step, pace);
  }
}

async function say(transcript: Transcript, text: string, pace: Pace): Promise<void> {
  const answer = transcript.answer();
  answer.block({ type: 'thinking', thinking: 'Let me see what that means.' }, 3);
  await wait(pace, 700, 2400);
  answer.block({ type: 'text', text }, 40 + text.length, 'end_turn');
  await wait(pace, 500, 1500);
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
  const id = `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  transcript
    .answer()
    .block(
      { type: 'tool_use', id, name: tool.name, input: tool.input },
      60 + JSON.stringify(tool.input).length,
      'tool_use',
    );
  await wait(pace, tool.ms, tool.ms * 1.3);
  transcript.result(id, tool.result, tool.fails ?? false);
  await wait(pace, 400, 1800);
}

async function runAgent(
  transcript: Transcript,
  step: Extract<Step, { kind: 'agent' }>,
  pace: Pace,
): Promise<void> {
  const id = `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  const input = { description: step.description, subagent_type: step.type, prompt: step.description };
  transcript.answer().block({ type: 'tool_use', id, name: 'Task', input }, 120, 'tool_use');
  const agent = transcript.subagent(step.type, step.description);
  agent.prompt(step.description);
  for (const inner of step.steps) await playStep(agent, inner, pace);
  transcript.result(id, 'The agent has reported.', false, { agentId: agent.agentId, status: 'completed' });
  await wait(pace, 400, 900);
}

function todosOf(step: Extract<Step, { kind: 'todos' }>): unknown[] {
  return step.of.map((content, index) => ({
    content,
    activeForm: content,
    status: index < step.done ? 'completed' : index === step.done ? 'in_progress' : 'pending',
  }));
}

function wait({ factor, signal }: Pace, from: number, to: number): Promise<void> {
  return pause((from + Math.random() * (to - from)) * factor, undefined, { signal });
}
