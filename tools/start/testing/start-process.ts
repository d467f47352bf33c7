import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@telltale/platform/testing';

export interface Answer {
  /** How often the migrations ran on this database. */
  readonly runs: number;
  readonly ingest: number;
  readonly gateway: number;
}

/** `node dist/tools/start.mjs` as somebody runs it, with what it printed. */
export class StartProcess {
  output = '';
  readonly ended: Promise<unknown>;
  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => void (this.output += text));
    this.ended = once(child, 'close');
  }

  static run(
    dist: string,
    env: Readonly<Record<string, string>>,
    args: readonly string[] = [],
  ): StartProcess {
    const clean = { PATH: process.env['PATH'] ?? '', TELLTALE_PORT: '0', TELLTALE_HOST_NAME: 'spec', ...env };
    const script = join(dist, 'tools', 'start.mjs');
    return new StartProcess(
      spawn(process.execPath, [script, ...args], { env: clean, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get exitCode(): number | null {
    return this.child.exitCode;
  }

  /** What the terminal said last once this is in it. */
  async says(text: string | RegExp): Promise<string> {
    await eventually(
      () => {
        expect(this.output).toMatch(text);
      },
      { timeoutMs: 100_000 },
    );
    return this.output;
  }

  url(): string {
    return /Telltale is ready: (\S+)/.exec(this.output)?.[1] ?? '';
  }

  /** What the gateway sees of the servers and of ingest. */
  async answer(): Promise<Answer> {
    const response = await fetch(`${this.url()}/readyz`);
    if (!response.ok) throw new Error(await response.text());
    return (await response.json()) as Answer;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async end(): Promise<number | null> {
    this.signal('SIGTERM');
    await this.ended;
    return this.exitCode;
  }
}
