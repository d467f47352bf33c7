import { randomUUID } from 'node:crypto';
import { folderOf, titleOf, type Agent, type EndOfCall, type Recorder, type Stage } from '../recorder';
import type { Deed } from '../script';
import { appendLine, Transcript } from '../transcript';
import type { LiveRegistry } from './live-registry';
import { toolOf } from './tools';

/** One line a content block, usage repeated and rising; a transcript of its own for each subagent. */
export class ClaudeRecorder implements Recorder {
  private readonly transcript: Transcript;
  private isNew: boolean;
  private answer: ReturnType<Transcript['answer']> | undefined;

  /** @param agent the transcript of a subagent, which has no title */
  constructor(
    private readonly stage: Stage,
    private readonly registry?: LiveRegistry,
    agent?: Transcript,
  ) {
    const { root, setting, now } = stage;
    this.transcript = agent ?? new Transcript({ root, script: setting, now, sink: appendLine });
    this.isNew = agent === undefined;
  }

  prompt(text: string): void {
    this.transcript.prompt(text);
    if (this.isNew) this.transcript.title(titleOf(this.stage.setting));
    this.isNew = false;
    this.register('busy');
  }

  think(): void {
    this.answer = this.transcript.answer();
    this.answer.block({ type: 'thinking', thinking: 'Let me see what that means.' }, 3);
  }

  say(text: string): void {
    const answer = this.answer ?? this.transcript.answer();
    answer.block({ type: 'text', text }, 40 + text.length, 'end_turn');
    this.answer = undefined;
  }

  call(deed: Deed): EndOfCall {
    const { name, input } = toolOf(deed);
    const id = this.use(name, input);
    return (result, failed) => this.transcript.result(id, result, failed);
  }

  agent(type: string, description: string): Agent {
    const id = this.use('Task', { description, subagent_type: type, prompt: description });
    const transcript = this.transcript.subagent(type, description);
    const recorder = new ClaudeRecorder(this.stage, undefined, transcript);
    recorder.prompt(description);
    const told = { agentId: transcript.agentId, status: 'completed' };
    return { recorder, end: () => this.transcript.result(id, 'The agent has reported.', false, told) };
  }

  ask(deed: Deed): void {
    const what = deed.does === 'run' ? `run ${deed.command}` : `use ${toolOf(deed).name}`;
    this.register('waiting', `permission to ${what}`);
  }

  answered(): void {
    this.register('busy');
  }

  rest(): void {
    this.register('idle');
  }

  mode(permissionMode: string): void {
    this.transcript.state({ type: 'permission-mode', permissionMode });
  }

  pullRequest(prNumber: number, prRepository: string): void {
    const prUrl = `https://github.com/${prRepository}/pull/${prNumber}`;
    const timestamp = this.stage.now().toISOString();
    this.transcript.state({ type: 'pr-link', prNumber, prUrl, prRepository, timestamp });
  }

  private use(name: string, input: Readonly<Record<string, unknown>>): string {
    const id = `toolu_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
    const block = { type: 'tool_use', id, name, input };
    this.transcript.answer().block(block, 60 + JSON.stringify(input).length, 'tool_use');
    return id;
  }

  private register(status: 'busy' | 'waiting' | 'idle', waitingFor?: string): void {
    const { stage, transcript } = this;
    const at = stage.now().getTime();
    const cwd = folderOf(stage.setting);
    this.registry?.say({ sessionId: transcript.sessionId, cwd, status, at, waitingFor });
  }
}
