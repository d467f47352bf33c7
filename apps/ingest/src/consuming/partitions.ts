import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { factHeaderPrefix, factsStreamName, partitionCount } from '@telltale/contracts';
import type { FactsTransport, Logger } from '@telltale/platform';
import { leaseMs, type HeldPartition, type Leases } from './leases';

const tendEveryMs = leaseMs / 3;

/** Holds this replica's partitions: takes its fair share, attaches them to the log, renews, gives back. */
export class Partitions {
  private readonly held = new Map<number, HeldPartition>();
  private readonly retryAt = new Map<number, number>();
  private transport: FactsTransport | undefined;
  private timer: NodeJS.Timeout | undefined;
  private tending: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly leases: Leases,
    private readonly connection: NatsConnection,
    private readonly context: {
      readonly logger: Logger;
      readonly onDetach: (partition: number) => void;
      readonly onTake: (held: HeldPartition) => Promise<void>;
    },
  ) {}

  /** The lease of a partition, undefined where it is not ours (any more). */
  lease(partition: number): HeldPartition | undefined {
    return this.held.get(partition);
  }

  async start(transport: FactsTransport): Promise<void> {
    this.transport = transport;
    await this.tend();
    this.schedule(tendEveryMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.tending;
    await this.leases.release([...this.held.values()]).catch(() => undefined); // the leases expire by themselves
    await this.leases.leave().catch(() => undefined);
    this.held.clear();
  }

  /** The transport gave a partition up: take it again after a moment, from its checkpoint. */
  failed(partition: number, error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    this.context.logger.warn('a partition stopped and will be taken up again', { partition, problem });
    this.forget(partition);
    this.retryAt.set(partition, Date.now() + 500);
    this.schedule(500);
  }

  private forget(partition: number): void {
    this.held.delete(partition);
    this.context.onDetach(partition);
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.tending = this.tend()
        .catch((error: unknown) => {
          this.context.logger.warn('leases could not be tended', {
            problem: error instanceof Error ? error.message : String(error),
          });
        })
        .then(() => this.schedule(this.retryAt.size > 0 ? 500 : tendEveryMs));
    }, ms);
  }

  private async tend(): Promise<void> {
    const share = await this.leases.announce(partitionCount);
    await this.renew();
    await this.giveBack(share);
    await this.take(share);
  }

  private async renew(): Promise<void> {
    const mine = [...this.held.values()];
    const kept = await this.leases.renew(mine);
    for (const { partition } of mine) {
      if (kept.has(partition) || !this.held.has(partition)) continue;
      this.context.logger.warn('the lease of a partition was lost', { partition });
      await this.transport?.detach(partition);
      this.forget(partition);
    }
  }

  /** Another replica has come: what is above the fair share goes back, after the batch under way. */
  private async giveBack(share: number): Promise<void> {
    const above = [...this.held.values()].slice(share);
    for (const held of above) {
      await this.transport?.detach(held.partition);
      this.forget(held.partition);
    }
    if (above.length > 0) await this.leases.release(above);
  }

  private async take(share: number): Promise<void> {
    const now = Date.now();
    for (const [partition, at] of this.retryAt) if (at <= now) this.retryAt.delete(partition);
    const busy = [...this.held.keys(), ...this.retryAt.keys()];
    const taken = await this.leases.acquire(share - this.held.size, busy);
    for (const held of taken) {
      await this.verify(held);
      await this.context.onTake(held);
      if (this.stopped) return;
      this.held.set(held.partition, held);
      this.transport?.attach(held.partition, held.sequence);
    }
    if (taken.length > 0)
      this.context.logger.info('partitions taken', {
        partitions: taken.map((held) => held.partition).sort((a, b) => a - b),
      });
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
