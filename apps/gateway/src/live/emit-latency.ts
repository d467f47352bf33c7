import { Inject, Injectable } from '@nestjs/common';
import type { Delta } from '@telltale/contracts';
import { Histogram, type Registry } from 'prom-client';
import { METRICS } from '../connections';

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Adds this hop's time to a delta's trace, and measures how long it was on its way. */
@Injectable()
export class EmitLatency {
  private readonly appendToEmit: Histogram;
  private readonly commitToEmit: Histogram;

  constructor(@Inject(METRICS) registry: Registry) {
    const registers = [registry];
    this.appendToEmit = new Histogram({
      name: 'telltale_append_to_emit_seconds',
      help: 'From the moment bytes were seen in a file to the emit of their delta to a room',
      buckets,
      registers,
    });
    this.commitToEmit = new Histogram({
      name: 'telltale_commit_to_emit_seconds',
      help: "From ingest's commit to the emit of the delta to a room",
      buckets,
      registers,
    });
  }

  /** Deltas without a trace (a backfill's, a refetch) are passed on as they are. */
  stamped(delta: Delta): Delta {
    const { trace } = delta;
    if (!trace) return delta;
    const emitted = performance.timeOrigin + performance.now();
    this.appendToEmit.observe(Math.max(0, emitted - trace.seen) / 1000);
    this.commitToEmit.observe(Math.max(0, emitted - trace.committed) / 1000);
    return { ...delta, trace: { ...trace, emitted } };
  }
}
