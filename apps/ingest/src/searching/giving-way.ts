/** While the live path is at work, it has the machine so many times as long as the search. */
const timesAsLong = 4;
/** So long at most, whatever the search did before. */
const longestMs = 2_000;
/** Behind by so much the search waits no more: it must not fall behind without end on a busy day. */
const hurriedMs = 60_000;
const lookAgainMs = 20;
/** As if it had worked so long: whoever was idle lets the live path finish. */
const idleWorkedMs = longestMs / timesAsLong;

export interface LivePathLoad {
  /** Whether facts are being projected, or wait for it: they go first. */
  readonly isBusy: () => boolean;
  /** Whether facts wait in the log, as those of a backlog do: then the live path is behind, too. */
  readonly isBehind: () => boolean;
}

/**
 * How long the search lets the live path go first after it worked for `workedMs`, all in ms. At least a fifth of the time
 * is its own; the longer it has been behind, the more. Where that brings the live path behind, it is a fifth again.
 */
export function patienceMs(of: {
  readonly workedMs: number;
  /** What was committed before that is all read. */
  readonly behindMs: number;
  readonly isLiveBehind: boolean;
}): number {
  const hurry = of.isLiveBehind ? 0 : Math.min(1, of.behindMs / hurriedMs);
  return Math.min(longestMs, of.workedMs * timesAsLong * (1 - hurry));
}

/** The search's turns beside the live path. While that is idle, nothing is waited for. */
export class GivingWay {
  private workedMs = idleWorkedMs;
  private since = performance.now();

  constructor(
    private readonly load: LivePathLoad,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  /** There was nothing to do until now. */
  wasIdle(): void {
    this.workedMs = idleWorkedMs;
  }

  /** From now on it works, or waits for its turn. */
  begin(): void {
    this.since = performance.now();
  }

  /** Awaited before each portion. @param behindMs as of {@link patienceMs} */
  async turn(behindMs: number, signal: AbortSignal): Promise<void> {
    const { isBusy, isBehind } = this.load;
    const now = performance.now();
    const workedMs = this.workedMs + now - this.since;
    const until = now + patienceMs({ workedMs, behindMs, isLiveBehind: isBehind() });
    for (let at = now; isBusy() && at < until && !signal.aborted; at = performance.now())
      await this.sleep(Math.min(lookAgainMs, until - at));
    this.workedMs = 0;
    this.since = performance.now();
  }
}
