import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Setting } from './script';

export type TranscriptRecord = Readonly<Record<string, unknown>>;
/** Takes a record for the transcript at `path`. */
export type Sink = (path: string, record: TranscriptRecord) => void;

export const appendLine: Sink = (path, record) => appendFileSync(path, `${JSON.stringify(record)}\n`);

export interface Stage {
  /** The Claude Code root to play into. */
  readonly root: string;
  readonly script: Pick<Setting, 'project' | 'branch' | 'model'>;
  readonly now: () => Date;
  readonly sink: Sink;
}

/** Writes the records of one agent as Claude Code does: one line a content block, usage repeated and rising. */
export class Transcript {
  readonly sessionId: string;
  readonly path: string;
  private readonly base: Record<string, unknown>;
  private parent: string | null = null;
  private cached = 14_000;

  constructor(
    private readonly stage: Stage,
    private readonly agent?: { readonly id: string; readonly of: Transcript },
  ) {
    this.sessionId = agent?.of.sessionId ?? randomUUID();
    const { root, script } = stage;
    const folder = join(root, 'projects', `-demo-${script.project}`);
    this.path = agent
      ? join(folder, this.sessionId, 'subagents', `agent-${agent.id}.jsonl`)
      : join(folder, `${this.sessionId}.jsonl`);
    this.base = {
      isSidechain: agent !== undefined,
      userType: 'external',
      cwd: `/demo/${script.project}`,
      sessionId: this.sessionId,
      version: '2.1.80',
      gitBranch: script.branch,
      ...(agent ? { agentId: agent.id } : {}),
    };
    mkdirSync(dirname(this.path), { recursive: true });
  }

  /** A transcript of a subagent of this one. */
  subagent(type: string, description: string): Transcript & { readonly agentId: string } {
    const id = `a${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    const transcript = new Transcript(this.stage, { id, of: this });
    appendFileSync(
      transcript.path.replace(/\.jsonl$/, '.meta.json'),
      JSON.stringify({ agentType: type, description }),
    );
    return Object.assign(transcript, { agentId: id });
  }

  title(text: string): void {
    this.append({ type: 'custom-title', customTitle: text, sessionId: this.sessionId });
  }

  state(record: Record<string, unknown>): void {
    this.append({ ...record, sessionId: this.sessionId });
  }

  prompt(text: string): void {
    this.record({ type: 'user', message: { role: 'user', content: text } });
  }

  /** Begins an answer: its blocks are written with the same message id. */
  answer(): { block(content: Record<string, unknown>, output: number, stop?: string): void } {
    const id = `msg_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
    const requestId = `req_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
    const written = 180 + Math.floor(Math.random() * 900);
    const cached = this.cached;
    this.cached += written;
    return {
      block: (content, output, stop) =>
        this.record({
          type: 'assistant',
          requestId,
          message: {
            id,
            type: 'message',
            role: 'assistant',
            model: this.stage.script.model,
            content: [content],
            stop_reason: stop ?? null,
            usage: {
              input_tokens: 6,
              output_tokens: output,
              cache_creation_input_tokens: written,
              cache_read_input_tokens: cached,
              cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: written },
            },
          },
        }),
    };
  }

  result(toolUseId: string, content: string, isError: boolean, extra: Record<string, unknown> = {}): void {
    this.record({
      type: 'user',
      message: {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: toolUseId, content, is_error: isError }],
      },
      toolUseResult: { stdout: content, ...extra },
    });
  }

  private record(fields: Record<string, unknown>): void {
    const uuid = randomUUID();
    this.append({
      parentUuid: this.parent,
      ...this.base,
      ...fields,
      uuid,
      timestamp: this.stage.now().toISOString(),
    });
    this.parent = uuid;
  }

  private append(record: TranscriptRecord): void {
    this.stage.sink(this.path, record);
  }
}
