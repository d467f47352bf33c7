import { Inject, Injectable } from '@nestjs/common';
import { Gauge, type Registry } from 'prom-client';
import { METRICS } from '../connections';
import { BytePool } from './byte-pool';
import { memoryPlan } from './memory-plan';
import { usualBytes } from './needs-memory';

/** How long a request waits for room: less than a person waits for an answer. */
const patienceMs = 10_000;

/** What requests may hold together. */
@Injectable()
export class BytePools {
  readonly answers: BytePool;
  readonly large: BytePool;

  constructor(@Inject(METRICS) metrics: Registry) {
    const { answers, large } = memoryPlan();
    this.answers = new BytePool({
      ...{ bytes: answers, small: usualBytes, patienceMs },
      // A team that shares an account opens its dashboards at once, six requests each: all of them have a place.
      waiting: { all: 2048, ofOne: 512 },
    });
    this.large = new BytePool({ bytes: large, waiting: { all: 64, ofOne: 16 }, patienceMs });
    const pools = { answers: this.answers, large: this.large };
    new Gauge({
      name: 'telltale_gateway_held_bytes',
      help: 'Bytes that requests have been given room for, by pool',
      labelNames: ['pool'],
      registers: [metrics],
      collect() {
        for (const [pool, { bytes }] of Object.entries(pools)) this.set({ pool }, bytes);
      },
    });
    new Gauge({
      name: 'telltale_gateway_waiting_for_memory',
      help: 'Requests that wait for such room, by pool',
      labelNames: ['pool'],
      registers: [metrics],
      collect() {
        for (const [pool, { waiting }] of Object.entries(pools)) this.set({ pool }, waiting);
      },
    });
  }
}
