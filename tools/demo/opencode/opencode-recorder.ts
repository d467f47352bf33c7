import { randomUUID } from 'node:crypto';
import type { OpenCodeRecord } from '@telltale/domain/testing/opencode-record';
import { openCodeId } from '@telltale/domain/testing/opencode-writer';
import { folderOf, titleOf, type Agent, type EndOfCall, type Recorder, type Stage } from '../recorder';
import type { Deed } from '../script';
import type { Store } from './stores';
import { todosOf, toolOf } from './tools';

type Fields = Readonly<Record<string, unknown>>;
interface Answer {
  readonly id: string;
  readonly createdAt: number;
  readonly data: Fields;
}

const noTokens = { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
/** Dollars for a million tokens, as OpenCode's own table has them. */
const prices = { input: 3, output: 15, read: 0.3, write: 3.75 };

/** A session's records: itself, its messages, their parts, its list of tasks. */
export class OpenCodeRecorder implements Recorder {
  private readonly id: string;
  private readonly createdAt: number;
  private counter = 0;
  private user = '';
  private answer: Answer | undefined;
  private cached = 12_000;

  /** @param parent the session that started it, of a subagent's */
  constructor(
    private readonly stage: Stage,
    private readonly store: Store,
    private readonly parent?: { readonly id: string; readonly title: string },
  ) {
    this.createdAt = this.now;
    this.id = this.newId('ses');
    this.saveSession();
  }

  prompt(text: string): void {
    this.user = this.newId('msg');
    const { provider, model, agent } = this.model;
    const data = { role: 'user', agent, model: { providerID: provider, modelID: model } };
    this.save('message', this.user, { ...data, time: { created: this.now } });
    this.part(this.user, { type: 'text', text });
    this.saveSession();
  }

  think(): void {
    const { id } = this.begin();
    this.part(id, { type: 'reasoning', text: 'Let me see.', time: { start: this.now, end: this.now } });
  }

  say(text: string): void {
    const { id, createdAt } = this.answer ?? this.begin();
    this.part(id, { type: 'text', text, time: { start: createdAt, end: this.now } });
    this.end(40 + text.length, 'stop');
  }

  call(deed: Deed): EndOfCall {
    const { tool, input } = toolOf(deed);
    if (deed.does === 'plan') this.save('todo', this.id, { todos: todosOf(deed) });
    return this.use(tool, input);
  }

  agent(type: string, description: string): Agent {
    const name = type.toLowerCase();
    const end = this.use('task', { description, prompt: description, subagent_type: name });
    const title = `Demo: ${description} (@${name} subagent)`;
    const recorder = new OpenCodeRecorder(this.stage, this.store, { id: this.id, title });
    recorder.prompt(description);
    return { recorder, end: () => end('The agent has reported.', false) };
  }

  private get now(): number {
    return this.stage.now().getTime();
  }

  private get model(): { provider: string; model: string; agent: string } {
    const [provider = '', model = ''] = this.stage.setting.model.split('/');
    return { provider, model, agent: this.parent ? 'general' : 'build' };
  }

  private begin(): Answer {
    const cwd = folderOf(this.stage.setting);
    const { provider, model, agent } = this.model;
    const data = {
      role: 'assistant',
      parentID: this.user,
      modelID: model,
      providerID: provider,
      mode: agent,
      agent,
      path: { cwd, root: cwd },
      cost: 0,
      tokens: noTokens,
      time: { created: this.now },
    };
    this.answer = { id: this.newId('msg'), createdAt: this.now, data };
    this.save('message', this.answer.id, data);
    this.part(this.answer.id, { type: 'step-start' });
    return this.answer;
  }

  /** What the answer used and cost, as its last step and it itself say. */
  private end(output: number, finish: string): void {
    const { id, createdAt, data } = this.answer ?? this.begin();
    const write = 200 + Math.floor(Math.random() * 1100);
    const tokens = { input: 8, output, reasoning: 12, cache: { read: this.cached, write } };
    this.cached += write;
    const billed =
      tokens.input * prices.input +
      (output + tokens.reasoning) * prices.output +
      tokens.cache.read * prices.read +
      write * prices.write;
    const cost = Math.round(billed) / 1e6;
    this.part(id, { type: 'step-finish', reason: finish, cost, tokens });
    const time = { created: createdAt, completed: this.now };
    this.save('message', id, { ...data, cost, tokens, finish, time }, { createdAt });
    this.saveSession();
    this.answer = undefined;
  }

  private use(tool: string, input: Fields): EndOfCall {
    const message = this.begin();
    const [part, callID, createdAt] = [this.newId('prt'), `call_${randomUUID().slice(0, 8)}`, this.now];
    const save = (state: Fields) =>
      this.part(message.id, { type: 'tool', tool, callID, state }, { id: part, createdAt });
    const time = { start: createdAt };
    save({ status: 'running', input, time });
    return (result, failed) => {
      const ended = { input, time: { ...time, end: this.now } };
      save(
        failed
          ? { ...ended, status: 'error', error: result }
          : { ...ended, status: 'completed', output: result, title: tool, metadata: {} },
      );
      this.answer = message;
      this.end(60 + JSON.stringify(input).length, 'tool-calls');
    };
  }

  private saveSession(): void {
    const { createdAt, parent, stage } = this;
    const data = {
      slug: 'quiet-river',
      version: '1.2.26',
      directory: folderOf(stage.setting),
      title: parent?.title ?? titleOf(stage.setting),
      ...(parent ? { parentID: parent.id } : {}),
      time: { created: createdAt, updated: this.now },
    };
    this.save('session', this.id, data, { createdAt });
  }

  private part(
    messageId: string,
    data: Fields,
    { id = this.newId('prt'), createdAt = this.now }: { id?: string; createdAt?: number } = {},
  ): void {
    this.save('part', id, data, { messageId, createdAt });
  }

  private save(
    table: OpenCodeRecord['table'],
    id: string,
    data: Fields,
    { messageId = '', createdAt = this.now }: { messageId?: string; createdAt?: number } = {},
  ): void {
    const projectId = this.stage.setting.project;
    this.store({ table, id, sessionId: this.id, messageId, projectId, createdAt, updatedAt: this.now, data });
  }

  private newId(prefix: 'ses' | 'msg' | 'prt'): string {
    return openCodeId(prefix, this.now, { counter: ++this.counter % 0x1000, seed: randomUUID() });
  }
}
