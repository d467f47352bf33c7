import type { ServiceStatus } from '@telltale/contracts';
import type { Folded } from '../projecting/fold';
import { LatencyWindow, RateWindow } from './latency';

/** What this replica did of late: rates, and the time of each hop from append to emit. */
export class Statistics {
  private readonly facts = new RateWindow();
  private readonly bytes = new RateWindow();
  private readonly deltas = new RateWindow();
  private readonly appendToFact = new LatencyWindow();
  private readonly factToCommit = new LatencyWindow();
  private readonly commitToEmit = new LatencyWindow();
  private readonly appendToEmit = new LatencyWindow();

  batch(facts: number, folded: Folded, times: { committed: number; emitted: number; deltas: number }): void {
    const { committed, emitted, deltas } = times;
    this.facts.add(facts, emitted);
    this.bytes.add(folded.bytes, emitted);
    this.deltas.add(deltas, emitted);
    this.commitToEmit.add(emitted - committed, emitted);
    const [oldest] = folded.times.values();
    if (oldest === undefined) return;
    this.appendToFact.add(oldest.logged - oldest.seen, emitted);
    this.factToCommit.add(committed - oldest.logged, emitted);
    this.appendToEmit.add(emitted - oldest.seen, emitted);
  }

  read(now: number): Required<Pick<ServiceStatus, 'rates' | 'latencyMs'>> {
    return {
      rates: {
        factsPerS: this.facts.read(now),
        bytesPerS: this.bytes.read(now),
        deltasPerS: this.deltas.read(now),
      },
      latencyMs: {
        appendToFact: this.appendToFact.read(now),
        factToCommit: this.factToCommit.read(now),
        commitToEmit: this.commitToEmit.read(now),
        appendToEmit: this.appendToEmit.read(now),
      },
    };
  }
}
