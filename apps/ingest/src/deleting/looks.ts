import type { Logger } from '@telltale/platform';

/** For what another replica left behind; what is committed here is told. */
const lookEveryMs = 60_000;
/** A server was away. */
const retryMs = 5_000;
/** There may be more to do already. */
const lookAgainMs = 50;

/** What a look came to: done, there is more to do, or another has to do its part first. */
export type Outcome = 'done' | 'more' | 'waits';
const pauses: Readonly<Record<Outcome | 'failed', number>> = {
  done: lookEveryMs,
  more: lookAgainMs,
  waits: 1_000,
  failed: retryMs,
};

/**
 * Looks for work that stands in the read model: when poked, and now and then for what another replica left behind
 * or a server was away for.
 */
export abstract class Looks {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private poked = false;
  private lastProblem = '';
  protected readonly stopping = new AbortController();

  /** @param trouble what could not be done, in the log's words */
  constructor(
    protected readonly logger: Logger,
    private readonly trouble: string,
  ) {}

  /** Does what there is to do, or some of it. */
  protected abstract look(): Promise<Outcome>;

  start(): void {
    this.schedule(0);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  /** There is something to do. */
  poke(): void {
    this.poked = true;
    if (this.running === undefined) this.schedule(0);
  }

  /** A server is away, or our rights do not suffice: what is to be done stands in the read model. */
  protected complain(error: unknown, details?: Readonly<Record<string, unknown>>): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === this.lastProblem || this.stopping.signal.aborted) return;
    this.lastProblem = problem;
    this.logger.warn(this.trouble, { problem, ...details });
  }

  /** The same problem is told again once it comes back. */
  protected succeeded(): void {
    this.lastProblem = '';
  }

  private schedule(ms: number): void {
    if (this.stopping.signal.aborted) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.poked = false;
      this.running = this.look()
        .catch((error: unknown) => {
          this.complain(error);
          return 'failed' as const;
        })
        .then((outcome) => {
          this.running = undefined;
          this.schedule(pauses[this.poked ? 'more' : outcome]);
        });
    }, ms);
  }
}
