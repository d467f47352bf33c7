import {
  liveFleetSubject,
  liveSessionSubject,
  liveSessionSubjects,
  sessionRoom,
  type ClientToServerEvents,
  type Room,
  type ServerToClientEvents,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { io, type Socket } from 'socket.io-client';
import { lossyNats, type LossyNats } from '../testing/lossy-nats';
import { Replica } from '../testing/replica';
import { putSession } from '../testing/rows';
import { adminPassword, login, startTestGateway, type TestGateway } from '../testing/test-gateway';

// What a gateway asks NATS for is what somebody is there to be told, and no more.
type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

let first: TestGateway;
let nats: LossyNats;
let replica: Replica;
let token: string;
const clients: Client[] = [];
const own = liveSessionSubject('s1');

beforeAll(async () => {
  first = await startTestGateway();
  nats = await lossyNats(first.nats.as('gateway'));
  replica = await Replica.start(first, { natsUrl: nats.url });
  token = (await login(first.url, 'admin', adminPassword)).accessToken;
  await putSession(first.connections.readModel, { id: 's1' });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  await follows();
});
afterAll(async () => {
  await replica.stop();
  nats.close();
  await first.stop();
});

/** @param events `delta`, or all of them */
async function member(room: Room, events = 'delta'): Promise<Client> {
  const auth = { token, events };
  const client: Client = io(`${replica.url}/live`, { transports: ['websocket'], auth, forceNew: true });
  clients.push(client);
  expect(await client.timeout(30_000).emitWithAck('subscribe', { room })).toHaveProperty('snapshot');
  return client;
}

function roomSubjects(): string[] {
  return nats
    .subjects()
    .filter((subject) => subject === liveFleetSubject || subject.startsWith('telltale.live.session.'))
    .sort();
}

/** It asks for these subjects of rooms, each once. */
async function follows(...subjects: readonly string[]): Promise<void> {
  await eventually(() => expect(roomSubjects()).toEqual([...subjects].sort()));
}

it('asks for nothing while nobody is there', () => follows());

it("follows a room's subject from its first member to its last", async () => {
  const one = await member('fleet');
  await follows(liveFleetSubject);
  const two = await member(sessionRoom('s1'));
  await member(sessionRoom('s1'));
  await follows(liveFleetSubject, own);
  await two.timeout(30_000).emitWithAck('unsubscribe', { room: sessionRoom('s1') });
  one.disconnect();
  await follows(own);
});

it("hears all sessions only for who wants the fleet's doings in the earlier words", async () => {
  await member(sessionRoom('s1'), 'all');
  await follows(own);
  const fleet = await member('fleet', 'all');
  await follows(own, liveFleetSubject, liveSessionSubjects);
  fleet.disconnect();
  await follows(own);
});

it('does not follow what cannot be had', async () => {
  const client = await member('fleet');
  expect(await client.timeout(30_000).emitWithAck('subscribe', { room: 'session:nobody' })).toMatchObject({
    error: { status: 404 },
  });
  await follows(liveFleetSubject);
});
