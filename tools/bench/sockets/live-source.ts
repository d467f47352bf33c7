import type { NatsConnection } from '@nats-io/transport-node';
import { fleetRoom, liveFleetSubject, sessionListSchema } from '@telltale/contracts';
import type { TelltaleProcess } from '../../harness/telltale-process';
import { sentMark } from './clients';

/** Deltas of the fleet, as ingest would publish them, each saying when it was sent. */
export class LiveSource {
  private constructor(
    private readonly nats: NatsConnection,
    private readonly generation: string,
    private n: number,
  ) {}

  static async of(telltale: TelltaleProcess, nats: NatsConnection, revision: string): Promise<LiveSource> {
    sessionListSchema.parse(await telltale.get('/api/sessions')); // it serves
    const dot = revision.lastIndexOf('.');
    return new LiveSource(nats, revision.slice(0, dot), Number(revision.slice(dot + 1)));
  }

  async say(bytes: number): Promise<void> {
    const [from, to] = [`${this.generation}.${this.n}`, `${this.generation}.${++this.n}`];
    const delta = { room: fleetRoom, sessionId: 'bench', from, to, at: '', changes: payloadOf(bytes) };
    this.nats.publish(liveFleetSubject, JSON.stringify(delta));
    await this.nats.flush();
  }
}

/** So many bytes of changes, about. */
export function payloadOf(bytes: number): { readonly title: string } {
  const sent = `${sentMark}${(performance.timeOrigin + performance.now()).toFixed(3)} `;
  return { title: sent + 'x'.repeat(Math.max(0, bytes - sent.length)) };
}

/** Calls so often a second, evenly, for so long. */
export async function paced(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  act: () => Promise<unknown>,
): Promise<number> {
  const total = perSecond * seconds;
  const start = performance.now();
  for (let done = 0; done < total; done++) {
    const due = start + (done * 1000) / perSecond - performance.now();
    if (due > 0) await new Promise((next) => setTimeout(next, due));
    await act();
  }
  return total;
}
