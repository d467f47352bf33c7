import { io } from 'socket.io-client';
import { connectNats, freePort } from '@telltale/platform';
import { liveNamespace, type SubscribeAck } from '@telltale/contracts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSeconds, metricsOf, residentMiB } from '../../harness/process-figures';
import { runAddresses } from '../../harness/run-addresses';
import { TelltaleProcess } from '../../harness/telltale-process';
import { percentiles, type Percentiles } from '../percentiles';
import { bareServerRole, type BareOrders } from './bare-server';
import { clientsRole, type ClientOrders } from './clients';
import { collectGarbage } from './collect-garbage';
import { LiveSource, paced, payloadOf } from './live-source';
import { Helper } from './orders';

const deltaBytes = 2000;
const pace = { perSecond: 20, seconds: 8 } as const;
const patienceMs = 20_000;
const stallPace = { perSecond: 100, seconds: 5 } as const;
const stallRounds = 3;
const stallBytes = 16_000;

/** A server that is measured: a gateway, or a bare one. */
interface Served {
  readonly pid: number;
  readonly inspectPort: number;
  readonly clients: Parameters<ClientOrders['open']>[0];
  say(bytes: number): Promise<unknown>;
}

export interface SocketFigures {
  /** KiB of resident memory, garbage aside. */
  readonly kibPerConnection: number;
  readonly connectionsPerGib: number;
  readonly deliveriesPerCpuSecond: number;
}

/** Medians of the rounds. */
export interface StallFigures {
  /** Of the readers, ms, with nobody beside them and with the stalled. */
  readonly alone: Pick<Percentiles, 'p50' | 'p99'>;
  readonly beside: Pick<Percentiles, 'p50' | 'p99'>;
  /** How much more memory the gateway held, for each of them. */
  readonly kibPerStalled: number;
  readonly stalled: number;
}

export interface SocketsResult {
  readonly product: SocketFigures;
  readonly bare: SocketFigures;
  readonly stall: StallFigures;
}

/** What connections cost, and what those that take nothing cost the others. Starts the whole product. */
export async function measureSockets(connections: number): Promise<SocketsResult> {
  const root = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const [gatewayPort, barePort] = await Promise.all([freePort(), freePort()]);
  const telltale = await TelltaleProcess.start({
    claudeRoot: root,
    env: {
      NODE_OPTIONS: `--inspect-port=127.0.0.1:${gatewayPort}`,
      TELLTALE_SOCKETS_PER_USER: '100000', // all are one user's here
    },
  });
  const nats = await connectNats({ url: runAddresses(telltale.home).natsUrl, name: 'bench' });
  const bareServer = new Helper<BareOrders>(bareServerRole, {
    NODE_OPTIONS: `--inspect-port=127.0.0.1:${barePort}`,
  });
  try {
    const auth = { token: await telltale.accessToken(), events: 'delta' };
    const source = await LiveSource.of(telltale, nats, await fleetRevision(telltale.url, auth));
    const gateway: Served = {
      pid: telltale.pids('apps/gateway/main.mjs')[0] ?? 0,
      inspectPort: gatewayPort,
      clients: { url: telltale.url, namespace: liveNamespace, auth, room: 'fleet', count: 0 },
      say: (bytes) => source.say(bytes),
    };
    const bareUrl = `http://127.0.0.1:${await bareServer.ask('listen', undefined)}`;
    const bare: Served = {
      pid: bareServer.pid,
      inspectPort: barePort,
      clients: { url: bareUrl, namespace: '/', auth: {}, count: 0 },
      say: (bytes) => bareServer.ask('emit', { room: 'fleet', changes: payloadOf(bytes) }),
    };
    return {
      bare: await measureOne(bare, connections),
      product: await measureOne(gateway, connections),
      stall: await measureStall(gateway),
    };
  } finally {
    bareServer.end();
    await nats.close();
    await telltale.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

async function measureOne(served: Served, connections: number): Promise<SocketFigures> {
  const helper = new Helper<ClientOrders>(clientsRole);
  try {
    // The first warm everything up: compilers, buffers, the heap.
    const few = Math.ceil(connections / 5);
    await helper.ask('open', { ...served.clients, count: few });
    await paced({ perSecond: 20, seconds: 2 }, () => served.say(deltaBytes));
    const before = await settledMiB(served);
    await helper.ask('open', { ...served.clients, count: connections - few });
    const after = await settledMiB(served);
    await helper.ask('arrived', undefined);
    const cpu = cpuSeconds(served.pid);
    const said = await paced(pace, () => served.say(deltaBytes));
    const count = await arrivals(helper, said * connections);
    const used = cpuSeconds(served.pid) - cpu;
    const kibPerConnection = ((after - before) * 1024) / (connections - few);
    return {
      kibPerConnection,
      connectionsPerGib: Math.round((1024 * 1024) / kibPerConnection),
      deliveriesPerCpuSecond: Math.round(count / used),
    };
  } finally {
    helper.end();
    await settle(1000);
  }
}

/** Waits until so many have arrived. */
async function arrivals(helper: Helper<ClientOrders>, expected: number): Promise<number> {
  const deadline = performance.now() + patienceMs;
  let count = 0;
  while (count < expected) {
    if (performance.now() > deadline) throw new Error(`${count} of ${expected} deltas arrived`);
    await settle(100);
    count += (await helper.ask('arrived', undefined)).count;
  }
  return count;
}

/** 100 read, in turn by themselves and while 100 others take nothing. */
async function measureStall(gateway: Served): Promise<StallFigures> {
  const stalled = 100;
  const readers = new Helper<ClientOrders>(clientsRole);
  const rounds: { alone: Percentiles; beside: Percentiles; kib: number }[] = [];
  const arrive = async () => {
    await settle(1000);
    await readers.ask('arrived', undefined);
    await paced(stallPace, () => gateway.say(deltaBytes));
    await settle(300);
    return readers.ask('arrived', undefined);
  };
  try {
    await readers.ask('open', { ...gateway.clients, count: stalled });
    await paced({ perSecond: 100, seconds: 2 }, () => gateway.say(deltaBytes));
    for (let round = 0; round < stallRounds; round++) {
      const alone = await arrive();
      rounds.push({ alone, ...(await besideStalled(gateway, stalled, arrive)) });
    }
  } finally {
    readers.end();
  }
  const median = (of: (round: (typeof rounds)[number]) => number) => percentiles(rounds.map(of)).p50;
  return {
    alone: { p50: median(({ alone }) => alone.p50), p99: median(({ alone }) => alone.p99) },
    beside: { p50: median(({ beside }) => beside.p50), p99: median(({ beside }) => beside.p99) },
    kibPerStalled: median(({ kib }) => kib),
    stalled,
  };
}

async function besideStalled(
  gateway: Served,
  count: number,
  arrive: () => Promise<Percentiles>,
): Promise<{ beside: Percentiles; kib: number }> {
  const others = new Helper<ClientOrders>(clientsRole);
  try {
    await others.ask('open', { ...gateway.clients, count });
    const before = await settledMiB(gateway);
    await others.ask('stall', undefined);
    while ((await slowClients(gateway)) < count)
      await paced({ perSecond: 100, seconds: 0.2 }, () => gateway.say(stallBytes));
    const beside = await arrive();
    if ((await slowClients(gateway)) < count) throw new Error('some of the stalled were dropped too early');
    return { beside, kib: (((await settledMiB(gateway)) - before) * 1024) / count };
  } finally {
    others.end();
    await settle(1000);
  }
}

async function slowClients({ clients }: Served): Promise<number> {
  const metrics = await metricsOf(Number(new URL(clients.url).port));
  return metrics.get('telltale_live_slow_clients') ?? 0;
}

async function settledMiB({ pid, inspectPort }: Served): Promise<number> {
  await settle(500);
  await collectGarbage(pid, inspectPort);
  await settle(500);
  return residentMiB(pid);
}

function settle(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

async function fleetRevision(url: string, auth: object): Promise<string> {
  const socket = io(`${url}${liveNamespace}`, { transports: ['websocket'], auth });
  const answer = (await socket.timeout(10_000).emitWithAck('subscribe', { room: 'fleet' })) as SubscribeAck;
  socket.close();
  if ('error' in answer) throw new Error(answer.error.title);
  return answer.revision;
}
