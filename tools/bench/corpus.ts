import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A generator of numbers in [0, 1) that always gives the same ones (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const words =
  'the parser reads one record at a time and keeps what it needs to join halves of a line that came in two writes'.split(
    ' ',
  );
const separators = [...Array<string>(12).fill(' '), '\n    ', '\n', ' = "', '";\n', '\t', ' → '];
const tools = ['Read', 'Edit', 'Bash', 'Grep', 'Write', 'Glob'];
const models = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5-20251001'];

export interface CorpusFacts {
  readonly files: number;
  readonly lines: number;
  readonly bytes: number;
  /** Distinct assistant messages and typed prompts. */
  readonly messages: number;
  readonly outputTokens: number;
}

/** Writes lines as Claude Code does for one session; sizes are spread like real ones (mean about 3.5 KB a line). */
export class SessionLines {
  private clock: number;
  private turn = 0;
  messages = 0;
  outputTokens = 0;

  constructor(
    readonly sessionId: string,
    private readonly random: () => number,
    start: number,
  ) {
    this.clock = start;
  }

  prompt(): string {
    this.messages++;
    return this.line({ type: 'user', message: { role: 'user', content: this.text(30) } });
  }

  /** One answer: its text, its tool use and the tool's result, the usage rising from line to line. */
  answer(): string[] {
    this.turn++;
    this.messages++;
    const id = `msg_${this.sessionId.replaceAll('-', '')}_${this.turn}`;
    const output = 20 + Math.floor(this.random() * 900);
    this.outputTokens += output;
    const toolUse = `toolu_${this.sessionId.replaceAll('-', '')}_${this.turn}`;
    const name = tools[Math.floor(this.random() * tools.length)];
    const model = models[Math.floor(this.random() * 1.5)];
    const usage = this.usage();
    const block = (content: unknown, tokens: number) =>
      this.line({
        type: 'assistant',
        requestId: `req_${id}`,
        message: {
          id,
          type: 'message',
          role: 'assistant',
          model,
          content: [content],
          stop_reason: null,
          usage: { ...usage, output_tokens: tokens },
        },
      });
    return [
      block({ type: 'text', text: this.text(60) }, 1),
      block(
        {
          type: 'tool_use',
          id: toolUse,
          name,
          input: { file_path: `/home/dev/app/src/${this.turn}.ts`, content: this.text(this.size(40)) },
        },
        output,
      ),
      this.line({
        type: 'user',
        message: {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: toolUse,
              content: this.text(this.size(700)),
              is_error: this.random() < 0.04,
            },
          ],
        },
        toolUseResult: { stdout: this.text(this.size(700)), stderr: '', interrupted: false },
      }),
    ];
  }

  private usage() {
    const write = Math.floor(this.random() * 4000);
    return {
      input_tokens: 4,
      cache_creation_input_tokens: write,
      cache_read_input_tokens: 20_000 + this.turn * 400,
      cache_creation: { ephemeral_5m_input_tokens: write, ephemeral_1h_input_tokens: 0 },
      service_tier: 'standard',
    };
  }

  private line(fields: Record<string, unknown>): string {
    this.clock += 700 + Math.floor(this.random() * 4000);
    return JSON.stringify({
      parentUuid: null,
      isSidechain: false,
      userType: 'external',
      cwd: '/home/dev/app',
      sessionId: this.sessionId,
      version: '2.1.80',
      gitBranch: 'main',
      ...fields,
      uuid: `${this.sessionId.replaceAll('-', '')}-${this.clock}`,
      timestamp: new Date(this.clock).toISOString(),
    });
  }

  /** Mostly small, now and then very large. */
  private size(mean: number): number {
    return Math.ceil(-Math.log(1 - this.random()) * mean * (this.random() < 0.05 ? 5 : 0.8));
  }

  /** Words with the line breaks, quotes and accents that code and prose have: JSON must escape some of them. */
  private text(count: number): string {
    let text = '';
    for (let i = 0; i < count; i++) {
      text += words[Math.floor(this.random() * words.length)] ?? '';
      text += separators[Math.floor(this.random() * separators.length)] ?? ' ';
    }
    return text;
  }
}

/** Fills `<root>/projects` with transcripts of about `bytes` in all, the same ones for the same seed. */
export function writeCorpus(root: string, bytes: number, seed = 1): CorpusFacts {
  const random = seeded(seed);
  const perFile = Math.max(200_000, Math.min(20_000_000, bytes / 40));
  const total = { files: 0, lines: 0, bytes: 0, messages: 0, outputTokens: 0 };
  while (total.bytes < bytes) {
    const sessionId = `${Math.floor(random() * 0xffffffff)
      .toString(16)
      .padStart(8, '0')}-0000-4000-8000-${String(total.files).padStart(12, '0')}`;
    const folder = join(root, 'projects', `-home-dev-app${total.files % 7}`);
    mkdirSync(folder, { recursive: true });
    const session = new SessionLines(sessionId, random, Date.UTC(2026, 0, 1) + total.files * 3_600_000);
    let written = 0;
    while (written < perFile && total.bytes < bytes) {
      const lines = [session.prompt(), ...Array.from({ length: 25 }, () => session.answer()).flat()];
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(''));
      appendFileSync(join(folder, `${sessionId}.jsonl`), text);
      written += text.length;
      total.bytes += text.length;
      total.lines += lines.length;
    }
    total.files++;
    total.messages += session.messages;
    total.outputTokens += session.outputTokens;
  }
  return total;
}
