import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  bytesStreamName,
  bytesSubject,
  factSubject,
  factsStreamName,
  headsAnswerSchema,
  headsRequestSubject,
  headsSubject,
  hostFilter,
  ingestLagSubject,
  watcherHeartbeatSubject,
} from '@telltale/contracts';
import { eventually, startTestNats, type TestNats } from '../testing';
import { connectNats } from './connect';
import { ensureBytesStream } from './bytes-stream';
import { ensureFactsStream } from './facts-stream';
import { HeadsTeller } from './heads-teller';
import { inboxPrefixes } from './inboxes';
import { watcherPermissions } from './permissions';
import { createLogger } from '../logs/logger';

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
      watchers: [
        { host: 'desk.local', user: 'watcher', password: 'w' },
        { host: 'other', user: 'other', password: 'o' },
      ],
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
    await expect(manager.direct.getMessage(factsStreamName, { seq: 1 })).rejects.toThrow();
    await expect(manager.streams.purge(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.delete(factsStreamName)).rejects.toThrow();
    expect(await stored()).toBe(before);
  });

  it('keep a watcher from making consumers, whatever of', async () => {
    const { consumers } = await jetstreamManager(watcher, { checkAPI: false, timeout: 500 });
    const filters = [{ filter_subject: hostFilter('desk.local') }, { filter_subjects: [mine] }, {}];
    for (const filter of filters) {
      const pull = { name: 'mine', ack_policy: AckPolicy.None, ...filter };
      for (const how of [pull, { ...pull, deliver_subject: 'telltale.live.fleet' }])
        await expect(consumers.add(factsStreamName, how)).rejects.toThrow(/permission/i);
    }
    expect((await (await jetstreamManager(service)).streams.info(factsStreamName)).state.consumer_count).toBe(
      0,
    );
  });

  it('tell a watcher the heads of its own host and of no other', async () => {
    const teller = new HeadsTeller(service, createLogger('test', { write: () => undefined }));
    teller.start();
    await service.flush();
    const reading = 'reading-1';
    const heard: [string, string][] = [];
    watcher.subscribe(headsSubject('desk.local', reading), {
      callback: (_, message) => void heard.push([message.subject, message.string()]),
    });
    const ask = async (host: string, body: unknown) => {
      const answer = await watcher.request(headsRequestSubject(host), JSON.stringify(body), { timeout: 500 });
      return headsAnswerSchema.parse(answer.json());
    };
    expect(await ask('desk.local', { reading })).toEqual({ heads: 1 });
    await eventually(() => expect(heard).toEqual([[mine, '']]));
    expect(await ask('desk.local', { reading: '>.*' })).toEqual({ problem: 'the request cannot be read' });
    await expect(ask('other', { reading })).rejects.toThrow(/permission/i);
    for (const subject of [headsSubject('other', reading), 'telltale.heads.>'])
      expect(await refused(watcher, () => void watcher.subscribe(subject))).toContain(subject);
    const answers: unknown[] = [];
    for (let i = 0; i < 10; i++) answers.push(await ask('desk.local', { reading: `reading-1${i}` }));
    expect(answers).toContainEqual({ problem: 'too many readings at once' });
    teller.stop();
  });

  it('let watchers and services hear what they say to each other', async () => {
    const heard: string[] = [];
    watcher.subscribe(ingestLagSubject, { callback: (_, message) => void heard.push(message.string()) });
    service.subscribe('telltale.heartbeat.watcher.*', {
      callback: (_, message) => void heard.push(message.string()),
    });
    await Promise.all([watcher.flush(), service.flush()]);
    service.publish(ingestLagSubject, 'lag');
    watcher.publish(watcherHeartbeatSubject('desk.local'), 'beat');
    await eventually(() => expect(heard.sort()).toEqual(['beat', 'lag']));
  });

  /** What is heard of an attempt to have the server say something is heard before what is said behind it. */
  const heardOf = async (from: NatsConnection, fact: string, more: readonly string[]) => {
    const heard: string[] = [];
    const note = (_: Error | null, message: { subject: string }) => void heard.push(message.subject);
    const spoken = ['telltale.live.>', '_INBOX_ingest.>', 'telltale.control.>', ingestLagSubject];
    const open = spoken.map((subject) => service.subscribe(subject, { callback: note }));
    await service.flush();
    const manager = await jetstreamManager(service);
    const state = () => manager.streams.info(factsStreamName, { subjects_filter: theirs });
    const before = await state();
    const commands = ['DELETE', 'PURGE', 'MSG.DELETE'].map(
      (what) => `$JS.API.STREAM.${what}.${factsStreamName}`,
    );
    const replies = ['telltale.live.fleet', 'telltale.control.access', '_INBOX_ingest.1', ingestLagSubject];
    for (const reply of [...replies, theirs, ...commands]) await answerTo(from, reply, [fact, ...more]);
    await jetstream(from).publish(fact, 'last');
    service.publish('telltale.live.fleet', 'behind');
    await eventually(() => expect(heard).toContain('telltale.live.fleet'));
    for (const one of open) one.unsubscribe();
    const after = await state();
    expect(after.created).toBe(before.created);
    expect(after.state.subjects).toEqual(before.state.subjects);
    return heard;
  };

  /** A request may name any subject for its answer, and the server publishes there, with the bytes of a fact. */
  const answerTo = async (
    connection: NatsConnection,
    reply: string,
    [fact = '', ...more]: readonly string[],
  ) => {
    connection.publish(fact, '{}', { reply });
    for (const subject of [`$JS.API.DIRECT.GET.${factsStreamName}.${fact}`, ...more])
      connection.publish(subject, '', { reply });
    await connection.flush();
  };

  it("keep the server's answers to a watcher in its own account, whatever subject it names for them", async () => {
    expect(await heardOf(watcher, mine, [headsRequestSubject('desk.local')])).toEqual([
      'telltale.live.fleet',
    ]);
  });

  it('could not do so by permissions alone', async () => {
    const alone = await startTestNats({
      furtherUsers: [{ user: 'watcher', password: 'w', permissions: watcherPermissions('desk.local') }],
    });
    const operator = await connectNats({ url: alone.url, name: 'operator' });
    await ensureFactsStream(operator);
    const bold = await connectNats({
      url: alone.url.replace(/\/\/.*@/, '//watcher:w@'),
      name: 'bold',
      inboxPrefix: inboxPrefixes.watcher('desk.local'),
    });
    await answerTo(bold, `$JS.API.STREAM.DELETE.${factsStreamName}`, [mine]);
    const { streams } = await jetstreamManager(operator);
    await eventually(() => expect(streams.info(factsStreamName)).rejects.toThrow('stream not found'));
    await Promise.all([operator.close(), bold.close()]);
    await alone.stop();
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
    const manager = await jetstreamManager(gateway, { checkAPI: false, timeout: 500 });
    expect((await manager.direct.getMessage(factsStreamName, { last_by_subj: pushed }))?.string()).toBe(
      'line',
    );
    await expect(manager.streams.delete(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.purge(factsStreamName)).rejects.toThrow();
    await expect(manager.streams.deleteMessage(factsStreamName, 1)).rejects.toThrow();
    await expect(manager.consumers.add(factsStreamName, {})).rejects.toThrow(/permission/i);
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
