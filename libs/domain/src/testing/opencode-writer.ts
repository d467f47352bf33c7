import type { OpenCodeRecord, PlayedRecord } from './opencode-record';

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idValues = 2 ** 48;

/** An id as OpenCode makes it: time and counter in 48 bits, then 14 letters, here made of a seed. */
export function openCodeId(
  prefix: 'ses' | 'msg' | 'prt',
  at: number,
  { counter, seed }: { counter: number; seed: string },
): string {
  const up = (at * 0x1000 + counter) % idValues;
  const value = prefix === 'ses' ? idValues - 1 - up : up;
  let random = 7;
  const tail = Array.from({ length: 14 }, (_, n) => {
    random = (random * 31 + (seed.codePointAt(n % Math.max(1, seed.length)) ?? 0) + n) % 100_003;
    return letters[random % letters.length] ?? '0';
  });
  return `${prefix}_${value.toString(16).padStart(12, '0')}${tail.join('')}`;
}

export interface OpenCodeUsage {
  readonly input: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cache: { readonly read: number; readonly write: number };
}

export const noOpenCodeUsage: OpenCodeUsage = {
  input: 0,
  output: 0,
  reasoning: 0,
  cache: { read: 0, write: 0 },
};

interface Beginning {
  readonly seed: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly title: string;
  readonly directory?: string;
  readonly parentId?: string;
  readonly agent?: string;
  readonly provider?: string;
  readonly model?: string;
}

type Document = Record<string, unknown>;

/** Writes a session record by record, the way OpenCode does: each is written when it begins and again as it changes. */
export class OpenCodeWriter {
  readonly id: string;
  readonly played: PlayedRecord[] = [];
  now: number;
  private counter = 0;
  private user = '';
  private title: string;
  private message: { id: string; createdAt: number; data: Document } | undefined;

  constructor(private readonly beginning: Beginning) {
    this.now = beginning.startedAt;
    this.title = beginning.title;
    this.id = this.newId('ses');
    this.session();
  }

  /** All that was written, each record as it is last. */
  get records(): OpenCodeRecord[] {
    return [...new Map(this.played.map(({ record }) => [`${record.table}/${record.id}`, record])).values()];
  }

  wait(ms: number): void {
    this.now += ms;
  }

  /** The session as it is now, by another title perhaps. */
  session(title = this.title): void {
    this.title = title;
    const { startedAt: created, directory = '/home/dev/shop', parentId } = this.beginning;
    const data = {
      slug: 'quiet-river',
      version: '1.2.26',
      directory,
      title,
      ...(parentId === undefined ? {} : { parentID: parentId }),
      time: { created, updated: this.now },
    };
    this.write({ table: 'session', id: this.id, messageId: '', createdAt: created, data });
  }

  prompt(text: string): void {
    const { agent = 'build', provider = 'anthropic', model = 'claude-sonnet-4-5' } = this.beginning;
    this.user = this.newId('msg');
    const chosen = { providerID: provider, modelID: model };
    const data = { role: 'user', time: { created: this.now }, agent, model: chosen };
    this.write({ table: 'message', id: this.user, messageId: '', createdAt: this.now, data });
    this.part(this.user, { type: 'text', text });
  }

  /** The beginning of an answer: nothing is known yet of what it uses. */
  startAnswer(): void {
    const {
      agent = 'build',
      provider = 'anthropic',
      model = 'claude-sonnet-4-5',
      directory = '/home/dev/shop',
    } = this.beginning;
    const data: Document = {
      role: 'assistant',
      time: { created: this.now },
      parentID: this.user,
      modelID: model,
      providerID: provider,
      mode: agent,
      agent,
      path: { cwd: directory, root: directory },
      cost: 0,
      tokens: noOpenCodeUsage,
    };
    this.message = { id: this.newId('msg'), createdAt: this.now, data };
    this.writeMessage({});
    this.part(this.message.id, { type: 'step-start', snapshot: 'a1b2c3' });
  }

  text(text: string, tookMs = 800): void {
    const id = this.newId('prt');
    const start = this.now;
    this.part(this.messageId, { type: 'text', text: text.slice(0, text.length / 2), time: { start } }, id);
    this.wait(tookMs);
    this.part(this.messageId, { type: 'text', text, time: { start, end: this.now } }, id);
  }

  think(text: string): void {
    this.part(this.messageId, {
      type: 'reasoning',
      text,
      time: { start: this.now, end: this.now + 400 },
    });
    this.wait(400);
  }

  tool(
    tool: string,
    input: Document,
    { output, tookMs = 300, failed = false }: { output: string; tookMs?: number; failed?: boolean },
  ): void {
    const id = this.newId('prt');
    const callID = `call_${this.counter}`;
    this.part(
      this.messageId,
      { type: 'tool', tool, callID, state: { status: 'pending', input: {}, raw: '' } },
      id,
    );
    this.wait(50);
    const start = this.now;
    const running = { status: 'running', input, time: { start } };
    this.part(this.messageId, { type: 'tool', tool, callID, state: running }, id);
    this.wait(tookMs);
    const time = { start, end: this.now };
    const state = failed
      ? { status: 'error', input, error: output, time }
      : { status: 'completed', input, output, title: tool, metadata: {}, time };
    this.part(this.messageId, { type: 'tool', tool, callID, state }, id);
  }

  todos(list: readonly { content: string; status: string }[]): void {
    const todos = list.map((todo) => ({ ...todo, priority: 'medium' }));
    this.tool('todowrite', { todos }, { output: JSON.stringify(todos), tookMs: 5 });
    this.write({ table: 'todo', id: this.id, messageId: '', createdAt: this.now, data: { todos } });
  }

  /** The end of an answer: what it used and cost, as the message and its last step say. */
  endAnswer(tokens: OpenCodeUsage, cost: number, end: { finish?: string; error?: Document } = {}): void {
    const { finish = 'stop', error } = end;
    this.part(this.messageId, { type: 'step-finish', reason: finish, cost, tokens });
    const { createdAt } = this.open;
    const time = { created: createdAt, completed: this.now };
    this.writeMessage({ cost, tokens, finish, time, ...(error === undefined ? {} : { error }) });
    this.session();
  }

  private get open(): { id: string; createdAt: number; data: Document } {
    if (this.message === undefined) throw new Error('no answer was started');
    return this.message;
  }

  private get messageId(): string {
    return this.open.id;
  }

  private writeMessage(changes: Document): void {
    const message = this.open;
    message.data = { ...message.data, ...changes };
    const { id, createdAt, data } = message;
    this.write({ table: 'message', id, messageId: '', createdAt, data });
  }

  private part(messageId: string, data: Document, id = this.newId('prt')): void {
    this.write({ table: 'part', id, messageId, createdAt: this.now, data });
  }

  private newId(prefix: 'ses' | 'msg' | 'prt'): string {
    return openCodeId(prefix, this.now, {
      counter: ++this.counter % 0x1000,
      seed: `${this.beginning.seed}${this.counter}`,
    });
  }

  private write(record: Omit<OpenCodeRecord, 'sessionId' | 'projectId' | 'updatedAt'>): void {
    const whole = { ...record, sessionId: this.id, projectId: 'e636a08f504c', updatedAt: this.now };
    this.played.push({ at: this.now, record: whole });
  }
}
