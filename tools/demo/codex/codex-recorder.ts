import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  execOutput,
  noUsage,
  rateLimits,
  sum,
  timedId,
  tokenFields,
  type CodexUsage,
} from '@telltale/domain/testing/codex-fields';
import { folderOf, titleOf, type Agent, type EndOfCall, type Recorder, type Stage } from '../recorder';
import type { Deed } from '../script';
import { call, callOf, type CodexCall } from './tools';

type Fields = Readonly<Record<string, unknown>>;

/** A rollout: turns, items and events, and after each call of the API the session's total. */
export class CodexRecorder implements Recorder {
  private readonly id: string;
  private readonly path: string;
  private turn: string | undefined;
  private begun = false;
  private context = 11_000 + Math.floor(Math.random() * 4000);
  private total = noUsage;
  private calls = 0;

  /** @param parent the session that started it, of a subagent's */
  constructor(
    private readonly stage: Stage,
    private readonly parent?: { readonly id: string; readonly agent: string },
  ) {
    this.id = newId(this.now);
    const stamp = new Date(this.now).toISOString().slice(0, 19);
    const day = stamp.slice(0, 10).replaceAll('-', '/');
    const name = `rollout-${stamp.replaceAll(':', '-')}-${this.id}.jsonl`;
    this.path = join(stage.root, 'sessions', day, name);
    mkdirSync(dirname(this.path), { recursive: true });
    this.meta();
  }

  prompt(text: string): void {
    this.rest();
    this.startTurn();
    this.item({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
    this.event('user_message', { message: text, images: [], local_images: [] });
    if (!this.begun && !this.parent)
      this.event('thread_name_updated', { thread_id: this.id, thread_name: titleOf(this.stage.setting) });
    this.begun = true;
  }

  think(): void {
    this.item({ type: 'reasoning', summary: [], encrypted_content: '…' });
  }

  say(text: string): void {
    this.event('agent_message', { message: text, phase: 'commentary' });
    this.item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
    this.count(90 + text.length);
  }

  call(deed: Deed): EndOfCall {
    const isCommand = deed.does === 'run' || deed.does === 'read' || deed.does === 'search';
    const end = this.use(callOf(deed, folderOf(this.stage.setting)));
    if (deed.does === 'plan') return () => end('Plan updated');
    return (result, failed) => end(isCommand ? execOutput(result, failed ? 1 : 0) : result);
  }

  agent(type: string, description: string): Agent {
    const end = this.use(call('spawn_agent', { task_name: description, agent_type: type }));
    const recorder = new CodexRecorder(this.stage, { id: this.id, agent: type.toLowerCase() });
    recorder.prompt(description);
    return { recorder, end: () => end('The agent has reported.') };
  }

  rest(): void {
    if (this.turn === undefined) return;
    this.event('task_complete', { turn_id: this.turn, last_agent_message: null });
    this.turn = undefined;
  }

  private get now(): number {
    return this.stage.now().getTime();
  }

  private meta(): void {
    const { id, parent, stage } = this;
    const spawn = {
      parent_thread_id: parent?.id,
      depth: 1,
      agent_nickname: 'Demo: Euler',
      agent_role: parent?.agent,
    };
    this.record('session_meta', {
      id,
      timestamp: stage.now().toISOString(),
      cwd: folderOf(stage.setting),
      originator: 'codex_cli_rs',
      cli_version: '0.140.0',
      source: parent ? { subagent: { thread_spawn: spawn } } : 'cli',
      ...(parent ? { parent_thread_id: parent.id } : {}),
      model_provider: 'openai',
      git: { branch: stage.setting.branch, commit_hash: '0'.repeat(40) },
    });
  }

  private startTurn(): void {
    this.turn = newId(this.now);
    this.event('task_started', { turn_id: this.turn, model_context_window: 258_400 });
    this.record('turn_context', {
      turn_id: this.turn,
      cwd: folderOf(this.stage.setting),
      approval_policy: 'on-request',
      sandbox_policy: { type: 'workspace-write' },
      model: this.stage.setting.model,
      effort: 'high',
      collaboration_mode: { mode: 'default', settings: {} },
    });
  }

  private use(made: CodexCall): (output: string) => void {
    const call_id = `call_${randomBytes(12).toString('hex')}`;
    this.item({ ...made, call_id });
    this.count(60 + ('input' in made ? made.input : made.arguments).length);
    return (output) => this.item({ type: `${made.type}_output`, call_id, output });
  }

  /** A call of the API ended: what was there before was read from the cache. */
  private count(output: number): void {
    const cached = this.calls++ === 0 ? 4992 : this.context;
    this.context += 300 + Math.floor(Math.random() * 1400) + output;
    const reasoning = Math.floor(output / 3);
    const usage: CodexUsage = { input: this.context, cached, cacheWrite: 0, output, reasoning };
    this.total = sum(this.total, usage);
    this.event('token_count', {
      info: {
        total_token_usage: tokenFields(this.total),
        last_token_usage: tokenFields(usage),
        model_context_window: 258_400,
      },
      rate_limits: rateLimits(Math.min(96, 31 + this.calls), this.now),
    });
  }

  private item(payload: Fields): void {
    this.record('response_item', { ...payload, metadata: { turn_id: this.turn } });
  }

  private event(type: string, payload: Fields): void {
    this.record('event_msg', { type, ...payload });
  }

  private record(type: string, payload: Fields): void {
    const line = { timestamp: this.stage.now().toISOString(), type, payload };
    appendFileSync(this.path, `${JSON.stringify(line)}\n`);
  }
}

function newId(at: number): string {
  return timedId(at, randomBytes(6).toString('hex'));
}
