import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { factHeaderPrefix, factsStreamName, partitionCount } from '@telltale/contracts';
import type { FactsTransport, Logger } from '@telltale/platform';
import { leaseMs, type HeldPartition, type Leases } from './leases';
import { LogWatch } from './log-watch';

const tendEveryMs = leaseMs / 3;
const retryMs = 500;

interface Context {
  readonly logger: Logger;
  readonly onDetach: (partition: number) => void;
  /** Before a partition is read on; the signal says that it need not be any more. */
  readonly onTake: (held: HeldPartition, stopped: AbortSignal) => Promise<void>;
  /** It is read on from now. */
  readonly onHeld: (partition: number) => void;
}

/** Holds this replica's partitions: takes its fair share, attaches them to the log, renews, gives back. */
export class Partitions {
  private readonly held = new Map<number, HeldPartition>();
  /** Leased, but not read yet: the log is verified, files are folded again. */
  private readonly opening = new Map<
    number,
    { readonly held: HeldPartition; readonly done: Promise<void> }
  >();
  private readonly retryAt = new Map<number, number>();
  private transport: FactsTransport | undefined;
  private timer: NodeJS.Timeout | undefined;
  private tending: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly log: LogWatch;

  constructor(
    private readonly leases: Leases,
    private readonly connection: NatsConnection,
    private readonly context: Context,
  ) {
    this.log = new LogWatch(connection, context.logger);
  }

  /** The lease of a partition, undefined where it is not ours (any more). */
  lease(partition: number): HeldPartition | undefined {
    return this.held.get(partition);
  }

  /** The partitions this replica projects now. */
  get heldPartitions(): readonly number[] {
    return [...this.held.keys()];
  }

  /** Takes the first partitions; where a server is away, goes on trying behind this call. */
  async start(transport: FactsTransport): Promise<void> {
    this.transport = transport;
    this.log.start(() => this.takeAgain());
    await this.run();
  }

  /** Gives all partitions back, each after the batch under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.log.stop();
    await this.tending;
    await Promise.all([...this.opening.values()].map(({ done }) => done));
    const mine = [...this.held.values()];
    await Promise.all(mine.map(({ partition }) => this.detach(partition)));
    await this.leases.release(mine).catch(() => undefined); // the leases expire by themselves
    await this.leases.leave().catch(() => undefined);
    this.held.clear();
  }

  /** The transport gave a partition up: take it again after a moment, from its checkpoint. */
  failed(partition: number, error: unknown): void {
    this.context.logger.warn('a partition stopped and will be taken up again', {
      partition,
      problem: problemOf(error),
      ...stackOf(error),
    });
    this.forget(partition);
    this.retryAt.set(partition, Date.now() + retryMs);
    this.schedule(retryMs);
  }

  private async detach(partition: number): Promise<void> {
    await this.transport?.detach(partition);
  }

  private forget(partition: number): void {
    this.held.delete(partition);
    this.context.onDetach(partition);
  }

  /** Not while partitions are tended: that ends with a date of its own. */
  private schedule(ms: number): void {
    if (this.stopping.signal.aborted || this.tending !== undefined) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), ms);
  }

  private run(): Promise<void> {
    this.tending = this.tend()
      .catch((error: unknown) => {
        this.context.logger.warn('leases could not be tended', { problem: problemOf(error) });
      })
      .finally(() => {
        this.tending = undefined;
        this.schedule(this.retryAt.size > 0 ? retryMs : tendEveryMs);
      });
    return this.tending;
  }

  private async tend(): Promise<void> {
    const share = await this.leases.announce(partitionCount);
    await this.renew();
    await this.giveBack(share);
    await this.take(share);
  }

  private async renew(): Promise<void> {
    const opening = [...this.opening.values()].map(({ held }) => held);
    const mine = [...this.held.values()];
    const kept = await this.leases.renew([...mine, ...opening]);
    for (const held of opening) if (!kept.has(held.partition)) this.opening.delete(held.partition);
    for (const { partition } of mine) {
      if (kept.has(partition) || !this.held.has(partition)) continue;
      this.context.logger.warn('the lease of a partition was lost', { partition });
      await this.detach(partition);
      this.forget(partition);
    }
  }

  /** Another replica has come: what is above the fair share goes back, after the batch under way. */
  private async giveBack(share: number): Promise<void> {
    const above = [...this.held.values()].slice(Math.max(0, share - this.opening.size));
    await Promise.all(above.map(({ partition }) => this.detach(partition)));
    for (const { partition } of above) this.forget(partition);
    if (above.length > 0) await this.leases.release(above);
  }

  private async take(share: number): Promise<void> {
    const now = Date.now();
    for (const [partition, at] of this.retryAt) if (at <= now) this.retryAt.delete(partition);
    const busy = [...this.held.keys(), ...this.opening.keys(), ...this.retryAt.keys()];
    const taken = await this.leases.acquire(share - this.held.size - this.opening.size, busy);
    for (const held of taken) this.opening.set(held.partition, { held, done: this.open(held) });
    if (taken.length > 0)
      this.context.logger.info('partitions taken', {
        partitions: taken.map((held) => held.partition).sort((a, b) => a - b),
      });
  }

  /** Each by itself: one that must be folded again for minutes keeps no other waiting. */
  private async open(held: HeldPartition): Promise<void> {
    const { partition } = held;
    const { signal } = this.stopping;
    try {
      await this.verify(held);
      await this.context.onTake(held, signal);
      // The lease may have gone meanwhile, even been taken again.
      if (this.opening.get(partition)?.held !== held) return;
      this.opening.delete(partition);
      this.held.set(partition, held);
      this.context.onHeld(partition);
      if (!signal.aborted) this.transport?.attach(partition, held.sequence);
    } catch (error) {
      if (this.opening.get(partition)?.held !== held) return;
      this.opening.delete(partition);
      this.failed(partition, error);
    }
  }

  /** Takes those up again that this replica holds, from their checkpoints: files of theirs are to be folded again. */
  async takeUpAgain(partitions: readonly number[]): Promise<void> {
    const mine = partitions.filter((partition) => this.held.has(partition));
    await Promise.all(mine.map((partition) => this.detach(partition)));
    for (const partition of mine) this.forget(partition);
    this.schedule(0);
  }

  /** Every partition from its checkpoint once more: the connection was lost, or the log is another one. */
  private takeAgain(): Promise<void> {
    return this.takeUpAgain([...this.held.keys()]);
  }

  /** The fact at the checkpoint must be the one we know: else the log is another incarnation and is replayed. */
  private async verify(held: HeldPartition): Promise<void> {
    if (held.sequence === 0) return;
    const manager = await jetstreamManager(this.connection);
    const message = await manager.direct.getMessage(factsStreamName, { seq: held.sequence });
    if (
      message !== null &&
      (held.factId === null || message.header.get(`${factHeaderPrefix}id`) === held.factId)
    )
      return;
    this.context.logger.warn(
      'the log is not the one this checkpoint was taken from: replaying it from its start',
      { partition: held.partition },
    );
    await this.leases.restart(held);
  }
}

/** Where it happened, of faults that are our own: those of servers carry a code. */
function stackOf(error: unknown): { readonly stack?: string | undefined } {
  return error instanceof Error && !('code' in error) ? { stack: error.stack } : {};
}

function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
