import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { factHeaders, factSubject, factsStreamName, maxFactBytes, stableHash } from '@telltale/contracts';
import { randomBytes, randomUUID } from 'node:crypto';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { answer, linesOf, mainPath, prompt, root } from './testing/records';

describe('what cannot be stored', () => {
  let stack: IngestStack;
  let log: LogWriter;

  beforeAll(async () => {
    stack = await IngestStack.start();
    log = new LogWriter(stack.nats);
    await stack.startIngest();
  });
  afterAll(() => stack?.stop());

  const messagesOf = async (id: string) => {
    const { rows } = await stack.pool.query<{ messages: number }>(
      'select messages from session where id = $1',
      [id],
    );
    return rows[0]?.messages;
  };
  const quarantineOf = async (text: string) => {
    const { rows } = await stack.pool.query<{ line: number; reason: string; excerpt: string }>(
      "select line, reason, excerpt from quarantine where path like '%' || $1 || '%' order by sequence, line",
      [text],
    );
    return rows;
  };

  /** So many searches cost more pico-dollars than a bigint holds. */
  function priceless(session: string, message: string, second: number) {
    const record = answer(session, message, second);
    record.message.usage['server_tool_use'] = { web_search_requests: 1e9 };
    return record;
  }

  it('puts the record at fault into quarantine by itself: its neighbours in the same fact count', async () => {
    await log.append(
      root,
      mainPath('u-middle'),
      linesOf(
        prompt('u-middle', 'u-p1', 1),
        answer('u-middle', 'u-m1', 2),
        priceless('u-middle', 'u-bad', 3),
        answer('u-middle', 'u-m2', 4),
        priceless('u-middle', 'u-bad-too', 5),
        prompt('u-middle', 'u-p2', 6),
      ),
    );
    await log.append(root, mainPath('u-middle'), linesOf(answer('u-middle', 'u-m3', 7)));
    await stack.caughtUp();
    expect(await messagesOf('u-middle')).toBe(5);
    const found = await quarantineOf('u-middle');
    expect(found.map(({ line }) => line)).toEqual([2, 4]);
    expect(found[0]?.reason).toMatch(/could not be stored: .*out of range/);
    expect(found[0]?.excerpt).toContain('u-bad');
    // Places in the log stay true: the last line of the first fact is line 5 of its body.
    const { rows } = await stack.pool.query<{ line: number }>("select line from item where key = 'p:u-p2'");
    expect(rows[0]?.line).toBe(5);
  });

  it('gives up on a fact of nothing but bad records, and goes on behind it', async () => {
    const many = Array.from({ length: 40 }, (_, n) => priceless('u-many', `u-many-${n}`, n));
    await log.append(root, mainPath('u-many'), linesOf(...many));
    await log.append(root, mainPath('u-many'), linesOf(answer('u-many', 'u-after', 50)));
    await stack.caughtUp();
    expect(await messagesOf('u-many')).toBe(1);
    expect(await quarantineOf('u-many')).toHaveLength(1);
  });

  it.each(['sessionId', 'uuid', 'requestId', 'agentId'])('stores a %s of 10 KB', async (field) => {
    const session = `u-long-${field}`;
    const record = { ...answer(session, `u-${field}`, 1), [field]: randomBytes(5_000).toString('hex') };
    await log.append(root, mainPath(session), linesOf(record, answer(session, `u-${field}-2`, 2)));
    await stack.caughtUp();
    expect(await messagesOf(session)).toBe(2);
    expect(await quarantineOf(session)).toEqual([]);
  });

  it('stores long message ids, models, tool names and tool ids of any script', async () => {
    const long = (text: string) => randomBytes(3_000).toString('hex') + text.repeat(4_000);
    const record = answer('u-names', long('界'), 1);
    record.message.model = long('模');
    record.message.content = [{ type: 'tool_use', id: long('具'), name: long('用'), input: {} }];
    await log.append(root, mainPath('u-names'), linesOf(record, answer('u-names', 'u-names-2', 2)));
    await stack.caughtUp();
    expect(await messagesOf('u-names')).toBe(2);
    expect(await quarantineOf('u-names')).toEqual([]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'takes %s for a name like any other',
    async (name) => {
      const session = `u-name-${name}`;
      const record = answer(session, `u-${name}`, 1);
      record.message.model = name;
      record.message.content = [
        { type: 'tool_use', id: `tool-${name}`, name, input: {} },
        {
          type: 'tool_use',
          id: `todo-${name}`,
          name: 'TodoWrite',
          input: { todos: [{ content: name, status: 'completed' }] },
        },
        {
          type: 'tool_use',
          id: `task-${name}`,
          name: 'TaskUpdate',
          input: { taskId: name, status: 'completed', subject: name },
        },
      ];
      const sub = { ...answer(session, `u-sub-${name}`, 2), agentId: name };
      const write = () => log.append(root, mainPath(session), linesOf(record, sub));
      await write();
      log.restart(mainPath(session));
      await write();
      await stack.caughtUp();
      const { rows } = await stack.pool.query<{ summary: unknown; detail: unknown }>(
        'select summary, detail from session where id = $1',
        [session],
      );
      expect(rows[0]?.summary).toMatchObject({
        models: expect.arrayContaining([name]) as unknown,
        stats: { messages: 2, toolCalls: 3 },
      });
      expect(rows[0]?.detail).toMatchObject({
        tools: expect.arrayContaining([expect.objectContaining({ name, calls: 1 })]) as unknown,
        agents: [
          expect.objectContaining({ id: name, stats: expect.objectContaining({ messages: 1 }) as unknown }),
        ],
        objectives: [
          { text: name, status: 'completed' },
          { text: name, status: 'completed' },
        ],
      });
    },
  );

  it('goes on behind a file whose host name cannot be a key', async () => {
    const path = mainPath('u-host');
    const body = linesOf(answer('u-host', 'u-host-1', 1));
    const subject = factSubject({
      partition: 3,
      source: 'claude-code',
      host: randomBytes(1_500).toString('hex'),
      file: stableHash(path),
    });
    const event = headers();
    for (const [name, value] of factHeaders({
      specversion: '1.0',
      id: randomUUID(),
      source: '/watchers/x',
      type: 'telltale.file.appended.v1',
      time: 'now',
      path,
      root,
      generation: 'g',
      from: 0,
      to: body.length,
    }))
      event.set(name, value);
    await jetstream(stack.nats).publish(subject, body, { headers: event });
    await stack.caughtUp();
  });

  it('puts a long line into quarantine of which a part is gone from the log', async () => {
    const path = mainPath('u-part');
    const long = answer('u-part', 'u-part-long', 1);
    long.message.content = [{ type: 'text', text: 'x'.repeat(2 * maxFactBytes) }];
    await stack.stopIngest();
    await log.append(root, path, linesOf(long));
    const manager = await jetstreamManager(stack.nats);
    const last = (await manager.streams.info(factsStreamName)).state.last_seq;
    await manager.streams.deleteMessage(factsStreamName, last - 1);
    await log.append(root, path, linesOf(answer('u-part', 'u-part-after', 2)));
    await stack.startIngest();
    await stack.caughtUp();
    expect(await messagesOf('u-part')).toBe(1);
    expect((await quarantineOf('u-part'))[0]?.reason).toMatch(/part 2\/3 of this line is not in the log/);
  });

  it('reads what was written behind a fact that no one could read yet, once it can', async () => {
    const path = mainPath('u-parked');
    await log.append(root, path, linesOf(prompt('u-parked', 'k-1', 1)));
    await log.publish(
      'telltale.file.appended.v9',
      { root, path, generation: 'g9', offset: 0, to: 1 },
      Buffer.from('?'),
    );
    await log.append(root, path, linesOf(answer('u-parked', 'k-2', 2)));
    await stack.caughtUp();
    expect(await messagesOf('u-parked')).toBe(1);
    // As a build that can read the fact would find it: the unknown one is gone, all others are there.
    const manager = await jetstreamManager(stack.nats);
    const last = (await manager.streams.info(factsStreamName)).state.last_seq;
    await stack.stopIngest();
    await manager.streams.deleteMessage(factsStreamName, last - 1);
    await stack.startIngest();
    await log.append(root, path, linesOf(answer('u-parked', 'k-3', 3)));
    await stack.caughtUp();
    expect(await messagesOf('u-parked')).toBe(3);
  });

  it('keeps what is known of a session when a record without a time comes by itself', async () => {
    const path = mainPath('u-timeless');
    await log.append(
      root,
      path,
      linesOf(prompt('u-timeless', 'z-1', 1), answer('u-timeless', 'z-2', 2), prompt('u-timeless', 'z-3', 3)),
    );
    await stack.caughtUp();
    const { timestamp: _, ...timeless } = prompt('u-timeless', 'z-4', 4);
    await log.append(root, path, linesOf(timeless));
    await stack.caughtUp();
    expect(await messagesOf('u-timeless')).toBe(4);
  });
});
