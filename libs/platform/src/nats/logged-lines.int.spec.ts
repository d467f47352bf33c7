import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { factHeaders, factsStreamName, factSubject } from '@telltale/contracts';
import { startTestNats, type TestNats } from '../testing';
import { connectNats } from './connect';
import { ensureFactsStream } from './facts-stream';
import { readParts } from './long-line';
import { LoggedLines } from './logged-lines';
import { StreamAccess } from './stream-access';
import { isWrongLastSequence } from './wrong-last-sequence';

const subject = factSubject({ partition: 1, source: 'codex', host: 'desk', file: '0123456789abcdef' });
const bounds = { kept: 1024, longestLine: 64 };

describe('lines of the log', () => {
  let nats: TestNats;
  let connection: NatsConnection;

  beforeAll(async () => {
    nats = await startTestNats();
    connection = await connectNats({ url: nats.url, name: 'test' });
    await ensureFactsStream(connection);
  });
  afterAll(async () => {
    await connection.close();
    await nats.stop();
  });

  async function publish(
    body: string,
    { part, generation = 'g' }: { part?: string; generation?: string } = {},
  ) {
    const pairs = factHeaders({
      ...{ specversion: '1.0', id: 'a-test-fact', source: '/watchers/desk', time: new Date(0).toISOString() },
      ...{ type: 'telltale.file.appended.v1', path: '/f', root: '/', generation, from: 0, to: body.length },
      ...(part === undefined ? {} : { part }),
    });
    const attributes = headers();
    for (const [name, value] of pairs) attributes.set(name, value);
    return (await jetstream(connection).publish(subject, body, { headers: attributes })).seq;
  }

  async function erase(sequence: number) {
    await (await jetstreamManager(connection)).streams.deleteMessage(factsStreamName, sequence);
  }

  it('gives a line by its place, and nothing for a place without one', async () => {
    const lines = new LoggedLines(connection, bounds);
    const sequence = await publish('{"a":1}\n{"b":"é"}\n');
    await expect(lines.line(sequence, 1)).resolves.toEqual({ source: 'codex', text: '{"b":"é"}' });
    await expect(lines.line(sequence, 2)).resolves.toBeUndefined();
    await expect(lines.line(sequence + 1000, 0)).resolves.toBeUndefined();
  });

  it('puts a line in parts together, unless one is missing, is of another line, or all would be too long', async () => {
    const lines = new LoggedLines(connection, bounds);
    const whole = await publish('[1,', { part: '1/3' });
    await publish('2,', { part: '2/3' });
    await publish('3]\n', { part: '3/3' });
    await expect(lines.line(whole, 0)).resolves.toMatchObject({ text: '[1,2,3]' });
    // A part by itself is no line.
    await expect(lines.line(whole + 1, 0)).resolves.toBeUndefined();

    const gap = await publish('[1,', { part: '1/3' });
    await publish('3]\n', { part: '3/3' });
    await expect(lines.line(gap, 0)).resolves.toBeUndefined();
    const begunAnew = await publish('[1,', { part: '1/2' });
    await publish('2]\n', { part: '2/2', generation: 'another' });
    await expect(lines.line(begunAnew, 0)).resolves.toBeUndefined();
    const manager = await new StreamAccess(connection).manager();
    const held = await readParts(manager, { subject, firstSequence: begunAnew, count: 2 });
    expect(held.map((part) => Buffer.from(part).toString())).toEqual(['[1,']);

    const long = await publish('x'.repeat(40), { part: '1/2' });
    await publish('x\n', { part: '2/2' });
    await expect(lines.line(long, 0)).resolves.toBeUndefined();
  });

  it('keeps what was read lately until it is to be forgotten', async () => {
    const lines = new LoggedLines(connection, bounds);
    const sequence = await publish('kept\n');
    await lines.line(sequence, 0);
    await erase(sequence);
    await expect(lines.line(sequence, 0)).resolves.toMatchObject({ text: 'kept' });
    lines.forget();
    await expect(lines.line(sequence, 0)).resolves.toBeUndefined();
  });

  it('tells where another fact came first', async () => {
    const client = jetstream(connection);
    const late = client.publish(subject, '', { expect: { lastSubjectSequence: 1 } });
    await expect(late.catch(isWrongLastSequence)).resolves.toBe(true);
    expect(isWrongLastSequence(new Error('wrong last sequence'))).toBe(false);
  });
});
