import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LiveProcess {
  readonly sessionId: string;
  readonly cwd: string;
  readonly status: 'busy' | 'waiting' | 'idle';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly waitingFor?: string | undefined;
}

/** What a running Claude Code says of itself: one process, and the session it has open. */
export class LiveRegistry {
  private readonly path: string;
  private readonly startedAt = Date.now();

  /** @param pid of a process that lives as long as what it says shall hold */
  constructor(
    root: string,
    private readonly pid: number,
  ) {
    const folder = join(root, 'sessions');
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, `${pid}.json`);
  }

  say({ sessionId, cwd, status, at, waitingFor }: LiveProcess): void {
    const draft = `${this.path}.new`;
    const record = {
      pid: this.pid,
      sessionId,
      cwd,
      startedAt: this.startedAt,
      version: '2.1.80',
      kind: 'interactive',
      entrypoint: 'cli',
      status,
      ...(waitingFor === undefined ? {} : { waitingFor }),
      statusUpdatedAt: at,
      updatedAt: at,
    };
    writeFileSync(draft, JSON.stringify(record));
    renameSync(draft, this.path);
  }

  /** As at the end of a process that ends in order. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}
