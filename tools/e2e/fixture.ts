import type { AnalyticsSummary } from '@telltale/contracts';
import { withConnection } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { appendFileSync, mkdirSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SessionLines, seeded } from '../bench/corpus';
import { runAddresses } from '../harness/run-addresses';
import type { TelltaleProcess } from '../harness/telltale-process';

/** An empty Claude Code root. */
export function newRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'telltale-root-'));
  mkdirSync(join(root, 'projects'));
  return root;
}

/** Where a session's transcript lies below a root. */
export function transcriptPath(root: string, sessionId: string): string {
  const folder = join(root, 'projects', '-home-dev-app');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${sessionId}.jsonl`);
}

/** A session that writes itself line by line and knows what must be counted of it. */
export class WritingSession {
  readonly lines: SessionLines;
  readonly path: string;
  private written = 0;

  constructor(
    root: string,
    readonly id: string,
    seed = 7,
  ) {
    this.lines = new SessionLines(id, seeded(seed), Date.now() - 3_600_000);
    this.path = transcriptPath(root, id);
  }

  /** Appends a prompt. */
  prompt(): void {
    this.write([this.lines.prompt()]);
  }

  /** Appends one answer: text, tool use, result. */
  answer(): void {
    this.write(this.lines.answer());
  }

  get bytes(): number {
    return this.written;
  }

  private write(lines: readonly string[]): void {
    const text = lines.map((line) => `${line}\n`).join('');
    appendFileSync(this.path, text);
    this.written += Buffer.byteLength(text);
  }
}

/**
 * Resolves once every byte of these files is in the read model. A watcher's figures are a moment old: what is there may
 * have grown since.
 */
export async function everyByteIsProjected(
  telltale: TelltaleProcess,
  files: Iterable<string>,
): Promise<void> {
  const sizes = [...files].map((file) => [file, statSync(file).size]);
  await withConnection(runAddresses(telltale.home).databaseUrl, (client) =>
    eventually(
      async () => {
        const { rows } = await client.query<{ path: string; bytes: string }>(
          'select path, "offset"::text as bytes from read_model.file_state',
        );
        const bytes = new Map(rows.map((row) => [row.path, Number(row.bytes)]));
        expect(sizes.map(([file]) => [file, bytes.get(String(file))])).toEqual(sizes);
      },
      { everyMs: 200 },
    ),
  );
}

/** Resolves once the product counts exactly what the sessions wrote. */
export async function countsExactly(
  telltale: TelltaleProcess,
  sessions: readonly WritingSession[],
  timeoutMs = 60_000,
): Promise<void> {
  const expected = {
    messages: sessions.reduce((sum, { lines }) => sum + lines.messages, 0),
    output: sessions.reduce((sum, { lines }) => sum + lines.outputTokens, 0),
  };
  await eventually(
    async () => {
      const { total } = await telltale.get<AnalyticsSummary>('/api/analytics/summary?groupBy=source');
      expect({ messages: total.messages, output: total.tokens?.output }).toEqual(expected);
    },
    { timeoutMs, everyMs: 100 },
  );
}
