import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName } from '@telltale/contracts';
import { connectNats } from '../nats/connect';
import { ensureFactsStream, UnsafeStreamError } from '../nats/facts-stream';
import { eventually, startTestNats, temporaryFolder, type TestNats } from '../testing';
import { startEmbeddedNats } from './nats';
import { commandLine } from './running-process';

describe('embedded NATS', () => {
  let nats: TestNats;
  beforeAll(async () => {
    nats = await startTestNats({
      furtherUsers: [
        { user: 'looker', password: 'r', permissions: { publish: [], subscribe: ['telltale.live.>'] } },
      ],
    });
  });
  afterAll(() => nats.stop());

  it('keeps the log and its port over a kill -9, and clients come back by themselves', async () => {
    const connection = await connectNats({ url: nats.url, name: 'spec' });
    await ensureFactsStream(connection);
    const acked = await jetstream(connection).publish(
      'telltale.facts.0.claude-code.host.0000000000000000',
      'one',
    );
    expect(acked.seq).toBe(1);
    await nats.kill();
    expect(commandLine(nats.pid())).toBeUndefined();
    await nats.restart();
    // One whose answer was lost is sent again.
    const again = await eventually(() =>
      jetstream(connection).publish('telltale.facts.0.claude-code.host.0000000000000000', 'two', {
        msgID: 'two',
      }),
    );
    expect(again.seq).toBe(2);
    await connection.close();
  });

  it('finds what was stored before there were accounts', async () => {
    const folder = await temporaryFolder();
    const dataDir = join(folder.path, 'nats');
    const request = { dataDir, user: 'operator', password: 'p' };
    const first = await startEmbeddedNats(request);
    const connection = await connectNats({ url: first.url, name: 'spec' });
    await ensureFactsStream(connection);
    await jetstream(connection).publish('telltale.facts.0.claude-code.host.0000000000000000', 'one');
    await connection.close();
    await first.stop();
    // As the server lays out what belongs to no account.
    await rename(join(dataDir, 'jetstream', 'TELLTALE'), join(dataDir, 'jetstream', '$G'));
    for (let start = 0; start < 2; start++) {
      const server = await startEmbeddedNats(request);
      const again = await connectNats({ url: server.url, name: 'spec' });
      const { direct } = await jetstreamManager(again);
      expect((await direct.getMessage(factsStreamName, { seq: 1 }))?.string()).toBe('one');
      await again.close();
      await server.stop();
    }
    await folder.remove();
  });

  it('makes the stream as contracts say, also for several at once, and leaves it alone when it is right', async () => {
    const connection = await connectNats({ url: nats.url, name: 'spec' });
    await (await jetstreamManager(connection)).streams.delete(factsStreamName);
    const infos = await Promise.all(Array.from({ length: 5 }, () => ensureFactsStream(connection)));
    for (const { config } of infos) {
      expect(config).toMatchObject({
        compression: 's2',
        allow_direct: true,
        allow_rollup_hdrs: false,
        max_msg_size: 1024 * 1024,
      });
    }
    await connection.close();
  });

  it("brings our settings back and keeps the operator's limits", async () => {
    const connection = await connectNats({ url: nats.url, name: 'spec' });
    const manager = await jetstreamManager(connection);
    await ensureFactsStream(connection);
    await manager.streams.update(factsStreamName, { max_bytes: 1e9, allow_direct: false });
    const { config } = await ensureFactsStream(connection);
    expect(config).toMatchObject({ allow_direct: true, max_bytes: 1e9 });
    await connection.close();
  });

  it('refuses a stream whose facts any publisher could wipe', async () => {
    const connection = await connectNats({ url: nats.url, name: 'spec' });
    const manager = await jetstreamManager(connection);
    await manager.streams.delete(factsStreamName).catch(() => undefined);
    await manager.streams.add({
      name: factsStreamName,
      subjects: ['telltale.facts.>'],
      allow_rollup_hdrs: true,
    });
    await expect(ensureFactsStream(connection)).rejects.toThrow(UnsafeStreamError);
    await manager.streams.delete(factsStreamName);
    await connection.close();
  });

  it('lets a user do only what is permitted', async () => {
    const reader = await connectNats({ url: nats.url.replace(/\/\/.*@/, '//looker:r@'), name: 'reader' });
    const writer = await connectNats({ url: nats.url, name: 'writer' });
    const live: string[] = [];
    reader.subscribe('telltale.live.>', { callback: (_, message) => void live.push(message.string()) });
    const refused: string[] = [];
    reader.subscribe('telltale.facts.>', { callback: (error) => void refused.push(error?.message ?? '') });
    await eventually(() => expect(refused.join()).toMatch(/permission/i));
    writer.publish('telltale.live.fleet', 'hello');
    await eventually(() => expect(live).toEqual(['hello']));
    await Promise.all([reader.close(), writer.close()]);
  });

  it('waits for a server that is not there yet, until told to give up', async () => {
    const giveUp = new AbortController();
    const lines: string[] = [];
    const logger = {
      debug: noop,
      info: noop,
      error: noop,
      warn: (m: string) => void lines.push(m),
      child: () => logger,
    };
    const waiting = connectNats({ url: 'nats://127.0.0.1:1', name: 'spec', signal: giveUp.signal, logger });
    await eventually(() => expect(lines).toEqual(['NATS cannot be reached yet']));
    giveUp.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

function noop(): void {
  // nothing to say
}
