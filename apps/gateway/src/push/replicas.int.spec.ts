import type { NatsConnection } from '@nats-io/transport-node';
import { pushMessageSchema } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { connect, disconnect, type Connections } from '../connections';
import { NATS } from '../connections';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { messagesFact } from './push-lines';
import { PushLog } from './push-log';

let gateway: TestGateway;
let other: Connections;
beforeAll(async () => {
  gateway = await startTestGateway();
  other = await connect({ ...gateway.connections.config });
});
afterAll(async () => {
  await disconnect(other);
  await gateway.stop();
});

const fact = (text: string) => messagesFact([pushMessageSchema.parse({ message: text })]);

/** How many facts `busy` wrote while each of so many waited for its turn by way of `log`, which is out of date each time. */
async function waits(log: PushLog, busy: Busy, count: number): Promise<number[]> {
  const meanwhile: number[] = [];
  for (let n = 0; n < count; n++) {
    await busy.writes(10);
    const before = busy.written;
    await log.append('shared', fact('now and then'));
    meanwhile.push(busy.written - before);
  }
  return meanwhile;
}

/** Writes into the session without a pause, several facts at once. */
class Busy {
  written = 0;
  private goesOn = true;
  private readonly writers: readonly Promise<void>[];

  constructor(private readonly log: PushLog) {
    this.writers = Array.from({ length: 8 }, () => this.write());
  }

  /** Resolves when it has written so many more. */
  async writes(count: number): Promise<void> {
    const until = this.written + count;
    await eventually(() => expect(this.written).toBeGreaterThanOrEqual(until), { everyMs: 5 });
  }

  async stop(): Promise<void> {
    this.goesOn = false;
    await Promise.all(this.writers);
  }

  private async write(): Promise<void> {
    while (this.goesOn) {
      await this.log.append('shared', fact('again'));
      this.written++;
    }
  }
}

it('lets one replica in soon while another writes into the session without a pause', async () => {
  const { connections, app } = gateway;
  const busy = new Busy(app.get(PushLog));
  try {
    const log = new PushLog(other.nats, connections.config, Date.now, connections.logger);
    // About 20 on average, whatever the machine's speed: both are as slow. Who waited as for a log that is away would
    // let the other one go ahead until its patience is at its end.
    expect(Math.max(...(await waits(log, busy, 20)))).toBeLessThan(1000);
  } finally {
    await busy.stop();
  }
});

it('sends a log that stands still no more than what was under way already', async () => {
  const { app, nats } = gateway;
  const log = app.get(PushLog);
  const large = 'x'.repeat(100_000);
  const round = (name: string) => Array.from({ length: 20 }, (_, n) => `${name}-${n}`);
  const names = [...round('first'), ...round('second')];
  await Promise.all(names.map((name) => log.append(name, fact('known'))));
  const sent = () => app.get<NatsConnection>(NATS).stats().outBytes;
  const pushAll = (to: readonly string[]) =>
    Promise.allSettled(to.map((name) => log.append(name, fact(large))));
  const before = sent();
  process.kill(nats.pid(), 'SIGSTOP');
  try {
    await pushAll(round('first'));
    const onTheWay = sent() - before;
    await pushAll(round('second'));
    expect(onTheWay).toBeGreaterThan(large.length);
    expect(sent() - before - onTheWay).toBeLessThan(large.length);
  } finally {
    process.kill(nats.pid(), 'SIGCONT');
  }
  await eventually(() => log.append('first-0', fact('again')));
});
