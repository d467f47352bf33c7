import type { Pool } from 'pg';

/** A stretch of the fleet's chain that belongs to one commit. */
export interface FleetSteps {
  readonly generation: string;
  /** The revision after the last of its steps. */
  readonly revision: number;
}

interface Waiting {
  readonly steps: number;
  readonly done: (steps: FleetSteps) => void;
  readonly failed: (error: unknown) => void;
}

/** More than could be lost with a server. */
const leapSteps = 1000;

const idle: Promise<void> = Promise.resolve();

/**
 * Hands out the steps of the fleet's chain of revisions, one for each session a commit touched, after the commit.
 * Within the transaction the one row would make all partitions commit one after another. Steps asked for while an
 * update is under way go with the next one, all at once.
 *
 * A commit whose steps were never taken (a crash in between) is made known by {@link leap} when its partition is
 * taken up again: the chain is broken there, and every client asks again.
 */
export class FleetRevisions {
  private waiting: Waiting[] = [];
  private running = false;
  private broken = false;

  /**
   * `pool` may commit asynchronously: a server that dies takes revisions along, and its clients' connections. Any
   * such end, and any step that could not be taken, breaks the chain before the next step.
   */
  constructor(private readonly pool: Pool) {
    pool.on('error', () => (this.broken = true));
  }

  advance(steps: number): Promise<FleetSteps> {
    return new Promise((done, failed) => {
      this.waiting.push({ steps, done, failed });
      if (!this.running) void this.run();
    });
  }

  /** Breaks the chain on purpose. */
  async leap(): Promise<void> {
    this.broken = true;
    await this.advance(0);
  }

  private async run(): Promise<void> {
    this.running = true;
    // What else is asked for in this turn of the event loop goes along.
    await idle;
    while (this.waiting.length > 0) {
      const taken = this.waiting;
      this.waiting = [];
      await this.move(taken);
    }
    this.running = false;
  }

  private async move(taken: readonly Waiting[]): Promise<void> {
    const gap = this.broken ? leapSteps : 0;
    const total = gap + taken.reduce((sum, { steps }) => sum + steps, 0);
    try {
      const { rows } = await this.pool.query<FleetSteps>({
        name: 'move_fleet',
        text: 'update fleet set revision = revision + $1 returning revision, (select id from generation) as generation',
        values: [total],
      });
      const [after] = rows;
      if (after === undefined) throw new Error('the fleet has no row');
      if (gap > 0) this.broken = false;
      let revision = after.revision - total + gap;
      for (const { steps, done } of taken) {
        revision += steps;
        done({ generation: after.generation, revision });
      }
    } catch (error) {
      this.broken = true;
      for (const { failed } of taken) failed(error);
    }
  }
}
