import { AckPolicy, DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type NatsConnection } from '@nats-io/transport-node';
import { bytesStreamName, bytesSubject, factSubject, factsStreamName, hostFilter } from '@telltale/contracts';
import { eventually, startTestNats, type TestNats } from '../testing';
import { connectNats } from './connect';
import { ensureBytesStream } from './bytes-stream';
import { ensureFactsStream } from './facts-stream';
import { inboxPrefixes } from './inboxes';
import { watcherPermissions } from './permissions';

describe('permissions', () => {
  let nats: TestNats;
  let service: NatsConnection;
  let watcher: NatsConnection;
  let reader: NatsConnection;
  const mine = factSubject({
    partition: 1,
    source: 'claude-code',
    host: 'desk.local',
    file: '0123456789abcdef',
  });
  const theirs = factSubject({
    partition: 1,
    source: 'claude-code',
    host: 'other',
    file: '0123456789abcdef',
  });

  beforeAll(async () => {
    nats = await startTestNats({
      furtherUsers: [{ user: 'watcher', password: 'w', permissions: watcherPermissions('desk.local') }],
    });
    const as = (user: string) => nats.url.replace(/\/\/.*@/, `//${user}@`);
    service = await connectNats({ url: nats.url, name: 'service' });
    await ensureFactsStream(service);
    await ensureBytesStream(service);
    watcher = await connectNats({
      url: as('watcher:w'),
      name: 'watcher',
      inboxPrefix: inboxPrefixes.watcher('desk.local'),
    });
    reader = await connectNats({ url: nats.as('reader'), name: 'reader' });
    await jetstream(service).publish(theirs, 'secret');
  });
  afterAll(async () => {
    await Promise.all([service.close(), watcher.close(), reader.close()]);
    await nats.stop();
  });

  const stored = async () =>
    (await (await jetstreamManager(service)).streams.info(factsStreamName)).state.messages;

  it('let a watcher append to its own subjects and read them back', async () => {
    const before = await stored();
    await jetstream(watcher).publish(mine, 'line', {
      expect: { lastSubjectSequence: 0, streamName: factsStreamName },
    });
    const manager = await jetstreamManager(watcher, { checkAPI: false });
    expect((await manager.direct.getMessage(factsStreamName, { last_by_subj: mine }))?.string()).toBe('line');
    const inbox = createInbox(inboxPrefixes.watcher('desk.local'));
    const heads: string[] = [];
    watcher.subscribe(inbox, { callback: (_, message) => void heads.push(message.subject) });
    await manager.consumers.add(factsStreamName, {
      name: 'heads',
      deliver_subject: inbox,
      deliver_policy: DeliverPolicy.LastPerSubject,
      filter_subject: hostFilter('desk.local'),
      headers_only: true,
      ack_policy: AckPolicy.None,
    });
    await eventually(() => expect(heads).toEqual([mine]));
    expect(await stored()).toBe(before + 1);
  });

  it('keep a watcher from the facts of other hosts and of the gateway, and from administration', async () => {
    const before = await stored();
    const manager = await jetstreamManager(watcher, { checkAPI: false, timeout: 500 });
    const pushed = factSubject({
      partition: 1,
      source: 'push',
      host: 'desk.local',
      file: '0123456789abcdef',
    });
    for (const subject of [theirs, pushed])
      await expect(jetstream(watcher, { timeout: 500 }).publish(subject, 'forged')).rejects.toThrow();
    await expect(manager.direct.getMessage(factsStreamName, { last_by_subj: theirs })).rejects.toThrow();
    await expect(manager.streams.purge(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.delete(factsStreamName)).rejects.toThrow();
    expect(await stored()).toBe(before);
  });

  it('let a watcher store pictures of its own host, each chunk once, and read none', async () => {
    const sha256 = 'ab'.repeat(32);
    const own = bytesSubject({ host: 'desk.local', sha256, chunk: 0 });
    const others = bytesSubject({ host: 'other', sha256, chunk: 0 });
    const client = jetstream(watcher, { timeout: 500 });
    const expect0 = { expect: { lastSubjectSequence: 0, streamName: bytesStreamName } };
    await client.publish(own, 'picture', expect0);
    await expect(client.publish(own, 'another', expect0)).rejects.toThrow('wrong last sequence');
    await expect(client.publish(others, 'forged')).rejects.toThrow();
    const manager = await jetstreamManager(watcher, { checkAPI: false, timeout: 500 });
    await expect(manager.direct.getMessage(bytesStreamName, { last_by_subj: others })).rejects.toThrow();
    const { direct, streams } = await jetstreamManager(service);
    expect((await direct.getMessage(bytesStreamName, { last_by_subj: own }))?.string()).toBe('picture');
    expect((await streams.info(bytesStreamName)).state.messages).toBe(1);
  });

  it('let a watcher answer what it is asked, and nobody else', async () => {
    watcher.subscribe('telltale.requests.watcher.desk%2Elocal.status', {
      callback: (_, message) => void message.respond('well'),
    });
    await watcher.flush();
    const answer = await service.request('telltale.requests.watcher.desk%2Elocal.status');
    expect(answer.string()).toBe('well');
    const heard: string[] = [];
    service.subscribe('_INBOX.somebody', { callback: (_, message) => void heard.push(message.string()) });
    await service.flush();
    watcher.publish('_INBOX.somebody', 'forged');
    await watcher.flush();
    service.publish('_INBOX.somebody', 'true');
    await eventually(() => expect(heard).toEqual(['true']));
  });

  it('let a reader see what is live and say nothing', async () => {
    const live: string[] = [];
    const heard: string[] = [];
    reader.subscribe('telltale.live.>', { callback: (_, message) => void live.push(message.string()) });
    service.subscribe('telltale.>', { callback: (_, message) => void heard.push(message.string()) });
    await reader.flush();
    await service.flush();
    reader.publish('telltale.live.fleet', 'forged');
    await reader.flush();
    service.publish('telltale.live.fleet', 'true');
    await eventually(() => expect(live).toEqual(['true']));
    await eventually(() => expect(heard).toEqual(['true']));
  });

  it('let ingest make and read the streams and say what is live, and keep it from all else', async () => {
    const ingest = await connectNats({
      url: nats.as('ingest'),
      name: 'ingest',
      inboxPrefix: inboxPrefixes.ingest,
    });
    await ensureFactsStream(ingest);
    await ensureBytesStream(ingest);
    const heard: string[] = [];
    reader.subscribe('telltale.live.fleet', { callback: (_, message) => void heard.push(message.string()) });
    await reader.flush();
    ingest.publish('telltale.live.fleet', 'delta');
    await eventually(() => expect(heard).toEqual(['delta']));
    const consumer = await jetstream(ingest).consumers.get(factsStreamName, {
      filter_subjects: ['telltale.facts.1.>'],
    });
    expect((await consumer.next({ expires: 2000 }))?.subject).toBe(theirs);
    const manager = await jetstreamManager(ingest, { checkAPI: false, timeout: 500 });
    await expect(manager.streams.delete(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.purge(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.add({ name: 'MINE', subjects: ['mine'] })).rejects.toThrow();
    for (const subject of [
      'telltale.alerts.budget',
      'telltale.control.access',
      'telltale.heartbeat.watcher.desk',
    ])
      expect(await refused(ingest, () => ingest.publish(subject, 'forged'))).toContain(subject);
    for (const subject of ['telltale.control.>', '_INBOX_gateway.>', '_INBOX.>', '>'])
      expect(await refused(ingest, () => void ingest.subscribe(subject))).toContain(subject);
    await ingest.close();
  });

  it('let the gateway push and read, and keep it from saying what watchers and ingest say', async () => {
    const gateway = await connectNats({
      url: nats.as('gateway'),
      name: 'gateway',
      inboxPrefix: inboxPrefixes.gateway,
    });
    const pushed = factSubject({ partition: 2, source: 'push', host: 'g', file: '0123456789abcdef' });
    await jetstream(gateway).publish(pushed, 'line', { expect: { lastSubjectSequence: 0 } });
    const manager = await jetstreamManager(gateway, { timeout: 500 });
    expect((await manager.direct.getMessage(factsStreamName, { last_by_subj: pushed }))?.string()).toBe(
      'line',
    );
    await expect(manager.streams.delete(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.purge(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.deleteMessage(factsStreamName, 1)).rejects.toThrow();
    for (const subject of [mine, 'telltale.live.fleet', 'telltale.heartbeat.ingest.lag'])
      expect(await refused(gateway, () => gateway.publish(subject, 'forged'))).toContain(subject);
    for (const subject of ['telltale.facts.>', '_INBOX_ingest.>', '_INBOX.>', '>'])
      expect(await refused(gateway, () => void gateway.subscribe(subject))).toContain(subject);
    await gateway.close();
  });

  /** What the server says to what it does not allow. */
  async function refused(connection: NatsConnection, act: () => void): Promise<string> {
    const words = new Promise<string>((done) => {
      void (async () => {
        for await (const status of connection.status())
          if (status.type === 'error') return done(status.error.message);
      })();
    });
    act();
    await connection.flush();
    return words;
  }
});
