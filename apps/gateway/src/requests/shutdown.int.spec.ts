import type { NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@telltale/platform/testing';
import { NATS } from '../connections';
import { rawConnection, statusOf, type RawConnection } from '../testing/raw-request';
import { putSession } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { httpLimits } from './http-limits';

let gateway: TestGateway;
let stopping: Promise<void> | undefined;
const stop = () => (stopping ??= gateway.stop());
const clients: RawConnection[] = [];
const begin = async (drainMs: number) => {
  stopping = undefined;
  gateway = await startTestGateway({}, { limits: { ...httpLimits, drainMs } });
};
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await stop();
});

/** A client that has said this. */
function client(...lines: string[]): RawConnection {
  const connection = rawConnection(gateway.url);
  connection.socket.write(`${lines.join('\r\n')}\r\n`);
  clients.push(connection);
  return connection;
}

const request = (line: string, ...more: string[]) => [
  `${line} HTTP/1.1`,
  'host: 127.0.0.1',
  `authorization: ${gateway.bearer('admin')['authorization'] ?? ''}`,
  ...more,
  '',
];
const body = ['content-type: application/json', 'content-length: 100'];

it('ends while clients hang on: streams, answers nobody reads, bodies that never end', async () => {
  await begin(100);
  const { readModel } = gateway.connections;
  for (let n = 0; n < 50; n++) await putSession(readModel, { id: `s${n}`, title: 'x'.repeat(20_000) });
  const streams = ['/api/sessions/watch', '/api/claude-sessions/stream'];
  const answered = [
    ...streams.map((path) => client(...request(`GET ${path}`))),
    client(...request('POST /api/sessions', ...body, 'expect: 100-continue')),
  ];
  const reading = client(...Array.from({ length: 20 }, () => request('GET /api/sessions')).flat());
  client(...request('POST /api/sessions', ...body), '{');
  await eventually(() => {
    for (const one of [...answered, reading]) expect(one.received()).toContain('HTTP/1.1 ');
  });
  reading.socket.pause();
  await stop();
  await Promise.all(answered.map((one) => one.ended()));
});

it('lets an answer get through that is under way', async () => {
  await begin(60_000);
  const { readModel } = gateway.connections;
  await putSession(readModel, { id: 's' });
  const holder = await readModel.connect();
  await holder.query('begin; lock table session in access exclusive mode');
  const asking = client(...request('GET /api/sessions'));
  const waiting = `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
  await eventually(async () => expect((await readModel.query(waiting)).rowCount).not.toBe(0));
  const stopped = stop();
  await eventually(() => expect(gateway.app.getHttpServer()).toMatchObject({ listening: false }));
  await holder.query('commit');
  const answer = await asking.ended();
  expect(statusOf(answer)).toBe(200);
  expect(answer).toContain('"total":1');
  holder.release();
  await stopped;
});

it('gives up a NATS that is away', async () => {
  await begin(100);
  const own = gateway.app.get<NatsConnection>(NATS);
  await gateway.nats.stop();
  await stop();
  expect(own.isClosed()).toBe(true);
});
