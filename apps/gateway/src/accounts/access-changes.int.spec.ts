import { accessChangesSubject, type AccessChange } from '@telltale/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { createLogger } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { NATS } from '../connections';
import { UserEntity } from '../database/user.entity';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { AccessChanges } from './access-changes';
import { KnownUsers } from './known-users';

const logger = createLogger('test', { level: 'error', write: () => undefined });

let gateway: TestGateway;
let here: AccessChanges;
let other: AccessChanges;
beforeAll(async () => {
  gateway = await startTestGateway();
  here = gateway.app.get(AccessChanges);
  other = new AccessChanges(gateway.connections.nats, logger);
  other.onApplicationBootstrap();
  await gateway.connections.nats.flush();
  await gateway.app.get<NatsConnection>(NATS).flush();
});
afterAll(async () => {
  other.beforeApplicationShutdown();
  await gateway.stop();
});

function heardBy(changes: AccessChanges): { heard: AccessChange[]; end: () => void } {
  const heard: AccessChange[] = [];
  return { heard, end: changes.onChange((change) => heard.push(change)) };
}

it('are heard at once here, and by every replica, each once', async () => {
  const [ours, theirs] = [heardBy(here), heardBy(other)];
  here.announce({ username: 'ada' });
  expect(ours.heard).toEqual([{ username: 'ada' }]);
  await eventually(() => expect(theirs.heard).toEqual([{ username: 'ada' }]));
  other.announce({ tokenId: 't1' });
  await eventually(() => expect(ours.heard).toEqual([{ username: 'ada' }, { tokenId: 't1' }]));
  expect(theirs.heard).toEqual([{ username: 'ada' }, { tokenId: 't1' }]);
  ours.end();
  theirs.end();
  here.announce({ username: 'bob' });
  expect(ours.heard).toHaveLength(2);
});

it('that are none, and listeners that fail, stop nobody', async () => {
  const end = here.onChange(() => {
    throw new Error('a listener that fails');
  });
  const { heard } = heardBy(here);
  for (const text of ['', 'no json', 'null', '[]', '{"username":5}', '{"tokenId":{}}'])
    gateway.connections.nats.publish(accessChangesSubject, text);
  gateway.connections.nats.publish(accessChangesSubject, '{"username":"ada","more":1}');
  await eventually(() => expect(heard).toEqual([{ username: 'ada' }]));
  end();
});

it('reach what was being asked for when they happened', async () => {
  const users = gateway.control.getRepository(UserEntity);
  await users.insert({ username: 'kim', role: 'admin', passwordHash: 'x' });
  const now = Date.now(); // it stands still: nothing is forgotten because time has passed
  const known = new KnownUsers(gateway.control, () => now, here);
  const asking = known.find('kim'); // its answer is from before the change
  await users.update({ username: 'kim' }, { role: 'viewer' });
  here.announce({ username: 'kim' });
  await asking;
  expect((await known.find('kim')).user?.role).toBe('viewer');
  await users.delete({ username: 'kim' });
  expect((await known.find('kim')).user?.role).toBe('viewer'); // remembered, until it is told of
  other.announce({ username: 'kim' });
  await eventually(async () => expect((await known.find('kim')).user).toBeNull());
});
