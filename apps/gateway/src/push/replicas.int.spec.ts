import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
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

/** How long each of so many pushes took by way of `log`, in milliseconds. What `log` knows is out of date each time. */
async function waits(log: PushLog, count: number): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < count; n++) {
    await delay(30); // lets the others write
    const began = performance.now();
    await log.append('shared', fact('now and then'));
    taken.push(performance.now() - began);
  }
  return taken;
}

it('lets one replica in soon while another writes into the session without a pause', async () => {
  const { connections, app } = gateway;
  const busy = app.get(PushLog);
  let goesOn = true;
  const writer = async () => {
    while (goesOn) await busy.append('shared', fact('again'));
  };
  const writers = Array.from({ length: 8 }, writer);
  try {
    const log = new PushLog(other.nats, connections.config, Date.now, connections.logger);
    expect(Math.max(...(await waits(log, 40)))).toBeLessThan(1500);
  } finally {
    goesOn = false;
    await Promise.all(writers);
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
  await eventually(() => log.append('first-0', fact('again')), { timeoutMs: 30_000 });
});
