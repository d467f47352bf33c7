import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { folderOf, titleOf, type Agent, type EndOfCall, type Recorder, type Stage } from '../recorder';
import type { Deed } from '../script';
import { chatDocument, chatLines, type ChatFile, type ChatMessage } from './chat-file';
import { toolOf } from './tools';

/** A chat: messages, each with what it used and the tools it called. */
export class GeminiRecorder implements Recorder {
  private readonly sessionId = randomUUID();
  private readonly chat: ChatFile;
  private begun = false;
  private cached = 0;
  private context = 8000 + Math.floor(Math.random() * 3000);

  /** @param parentId the session that started it, of a subagent's */
  constructor(
    private readonly stage: Stage,
    private readonly parentId?: string,
  ) {
    const { root, setting } = stage;
    const folder = folderOf(setting);
    const projectHash = createHash('sha256').update(folder).digest('hex');
    const stamp = this.time.slice(0, 16).replace(':', '-');
    const name = parentId === undefined ? '' : `${parentId}/`;
    const extension = setting.older ? 'json' : 'jsonl';
    const file = `${name}session-${stamp}-${this.sessionId.slice(0, 8)}.${extension}`;
    const path = join(root, 'tmp', projectHash, 'chats', file);
    mkdirSync(dirname(path), { recursive: true });
    const metadata = {
      sessionId: this.sessionId,
      projectHash,
      startTime: this.time,
      lastUpdated: this.time,
      kind: parentId === undefined ? 'main' : 'subagent',
      directories: [folder],
    };
    this.chat = setting.older ? chatDocument(path, metadata) : chatLines(path, metadata);
  }

  prompt(text: string): void {
    this.chat.write({ id: randomUUID(), timestamp: this.time, type: 'user', content: [{ text }] });
    const title = this.parentId === undefined ? titleOf(this.stage.setting) : `Demo: ${text}`;
    if (!this.begun) this.chat.set({ summary: title, lastUpdated: this.time });
    this.begun = true;
  }

  think(): void {
    // A message is written when it is whole.
  }

  say(text: string): void {
    this.chat.write(this.answer(text, 30 + text.length));
  }

  call(deed: Deed): EndOfCall {
    const { name, args } = toolOf(deed);
    return this.use(name, args);
  }

  agent(type: string, description: string): Agent {
    const end = this.use('delegate_to_agent', { agent_name: type, objective: description });
    const recorder = new GeminiRecorder(this.stage, this.sessionId);
    recorder.prompt(description);
    return { recorder, end: () => end('The agent has reported.', false) };
  }

  private get time(): string {
    return this.stage.now().toISOString();
  }

  /** The message is written when its call begins, and once more with what came of it. */
  private use(name: string, args: Readonly<Record<string, unknown>>): EndOfCall {
    const message = this.answer('', 40 + JSON.stringify(args).length);
    const id = `${name}-${this.stage.now().getTime()}-${randomBytes(7).toString('hex')}`;
    const call = { id, name, args, timestamp: message.timestamp };
    this.chat.write({ ...message, toolCalls: [{ ...call, status: 'executing' }] });
    return (text, failed) => {
      const response = failed ? { error: text } : { output: text };
      const result = [{ functionResponse: { id, name, response } }];
      const status = failed ? 'error' : 'success';
      const ended = { ...call, result, status, timestamp: this.time };
      this.chat.write({ ...message, toolCalls: [ended] });
      this.chat.set({ lastUpdated: this.time });
    };
  }

  private answer(content: string, output: number): ChatMessage {
    const { cached } = this;
    this.context += 200 + Math.floor(Math.random() * 900) + output;
    this.cached = Math.floor(this.context * 0.9);
    const thoughts = 20 + Math.floor(output / 2);
    const tokens = { input: this.context, output, cached, thoughts, tool: 0 };
    return {
      id: randomUUID(),
      timestamp: this.time,
      type: 'gemini',
      content,
      thoughts: [{ subject: 'Considering the next step', description: '', timestamp: this.time }],
      tokens: { ...tokens, total: this.context + output + thoughts },
      model: this.stage.setting.model,
    };
  }
}
