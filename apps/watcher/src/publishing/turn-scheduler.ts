import type { TrackedFile } from '../tailing/tracked-file';

export type Lane = 'live' | 'backlog';

export interface TurnLimits {
  /** Files that are read and published at once. */
  readonly turns: number;
  /** Bytes of facts under way at once, about. */
  readonly bytes: number;
  /** Bytes a fact carries at most. */
  readonly factBytes: number;
}

export const defaultTurnLimits = { turns: 64, bytes: 8 * 1024 * 1024 } as const;

/** What a turn may cost whose file was touched but not looked at yet. */
const leastCost = 64 * 1024;

export interface TurnRunner {
  /** One turn: at most one fact. Never rejects; true: the file wants another turn at once. */
  run(file: TrackedFile): Promise<boolean>;
  /** Whether the backlog may be published now, with so many bytes of facts under way. */
  isBacklogOpen(bytesUnderWay: number): boolean;
}

/**
 * Decides whose turn it is. A file has one turn at a time; what happens to it meanwhile leads to one more. Live
 * files go first, in the order in which they were touched; then the backlog, the longest untouched file first.
 */
export class TurnScheduler {
  private readonly live: TrackedFile[] = [];
  /** The oldest last. */
  private readonly backlog: TrackedFile[] = [];
  private readonly turns = new Map<TrackedFile, Promise<undefined>>();
  private bytes = 0;
  private paused = true;
  private idle: (() => void) | undefined;

  constructor(
    private readonly runner: TurnRunner,
    private readonly limits: TurnLimits,
  ) {}

  request(file: TrackedFile, lane: Lane): void {
    if (file.running) file.again = true;
    else this.enqueue(file, lane);
    this.drain();
  }

  start(): void {
    this.paused = false;
    this.drain();
  }

  /** Begins no turn any more; resolves when the turns under way have ended. */
  async stop(): Promise<void> {
    this.paused = true;
    if (this.turns.size > 0) await new Promise<void>((done) => (this.idle = done));
  }

  /** Resolves when the turn that the file has now is over; another one may have begun by then. */
  async turnOver(file: TrackedFile): Promise<void> {
    await this.turns.get(file);
  }

  /** Begins as many turns as the limits allow. */
  drain(): void {
    while (!this.paused && this.turns.size < this.limits.turns && this.bytes < this.limits.bytes) {
      const file = this.next();
      if (!file) return;
      void this.turn(file);
    }
  }

  private enqueue(file: TrackedFile, lane: Lane): void {
    if (file.queued === 'live' || file.queued === lane) return;
    file.queued = lane; // its place in the backlog, if it had one, is void
    if (lane === 'live') this.live.push(file);
    else this.backlog.splice(placeByAge(this.backlog, file), 0, file);
  }

  private next(): TrackedFile | undefined {
    const live = this.live.shift();
    if (live) return live;
    while (this.backlog.length > 0 && this.runner.isBacklogOpen(this.bytes)) {
      const file = this.backlog.pop();
      if (file?.queued === 'backlog') return file;
    }
    return undefined;
  }

  private async turn(file: TrackedFile): Promise<void> {
    const lane: Lane = file.queued === 'backlog' ? 'backlog' : 'live';
    const cost = costOf(file, this.limits.factBytes);
    const over = Promise.withResolvers<undefined>();
    this.turns.set(file, over.promise);
    this.bytes += cost;
    file.queued = 'no';
    file.running = true;
    file.again = false;
    const wantsMore = await this.runner.run(file);
    file.running = false;
    this.turns.delete(file);
    over.resolve(undefined);
    this.bytes -= cost;
    // Touched during its turn: it is live from now on.
    if (file.again) this.enqueue(file, 'live');
    else if (wantsMore) this.enqueue(file, lane);
    this.drain();
    if (this.paused && this.turns.size === 0) this.idle?.();
  }
}

function costOf(file: TrackedFile, factBytes: number): number {
  const behind = (file.stat?.size ?? 0) - file.position.offset;
  return Math.min(factBytes, Math.max(leastCost, behind));
}

/** Where a file belongs in a list whose oldest is last. */
function placeByAge(list: readonly TrackedFile[], file: TrackedFile): number {
  const age = file.stat?.mtimeMs ?? 0;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle]?.stat?.mtimeMs ?? 0) > age) low = middle + 1;
    else high = middle;
  }
  return low;
}
