import type { ServerExit } from '@telltale/platform';
import { Backoff } from './backoff';

/** Something that runs: a server or a service. */
export interface Running {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Keeps one thing running: started again with backoff whenever it ends, until it is stopped. */
export class Supervised<T extends Running> {
  private running: T | undefined;
  private stopping: AbortController | undefined;
  private following: Promise<void> = Promise.resolve();
  private readonly backoff = new Backoff();

  /**
   * @param begin starts it; gets the run before, whose port it shall keep
   * @param report says in one line that it ended
   */
  constructor(
    readonly name: string,
    private readonly begin: (before: T | undefined) => Promise<T>,
    private readonly report: (line: string) => void,
  ) {}

  /** @throws what the first start throws: later ones are tried again */
  async start(): Promise<T> {
    this.stopping = new AbortController();
    this.running = await this.begin(undefined);
    this.following = this.follow(this.running, this.stopping.signal);
    return this.running;
  }

  /** Ends it in order and waits until it is gone. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    await this.running?.stop();
    await this.following;
  }

  async kill(): Promise<void> {
    this.stopping?.abort();
    await this.running?.kill();
  }

  private async follow(first: T, stopping: AbortSignal): Promise<void> {
    for (let current = first; ;) {
      const since = performance.now();
      const exit = await current.exited;
      if (stopping.aborted) return;
      const again = await this.again(current, describeExit(exit), performance.now() - since, stopping);
      if (again === undefined) return;
      current = again;
    }
  }

  /** Until it is up again; undefined when all is to end. */
  private async again(before: T, why: string, upMs: number, stopping: AbortSignal): Promise<T | undefined> {
    for (let problem = why, up = upMs; ; up = 0) {
      const waitMs = this.backoff.next(up);
      this.report(`${this.name} ${problem}; starting it again in ${waitMs / 1000} s`);
      await pause(waitMs, stopping);
      if (stopping.aborted) return undefined;
      try {
        this.running = await this.begin(before);
        if (stopping.aborted) await this.running.stop(); // told to end while it started
        return this.running;
      } catch (error) {
        problem = `cannot be started (${firstLine(error)})`;
      }
    }
  }
}

export function describeExit({ code, signal }: ServerExit): string {
  return signal ? `was ended by ${signal}` : `ended (exit code ${code})`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 2).join(' ');
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      done();
    });
  });
}
