import { jetstreamManager } from '@nats-io/jetstream';
import {
  factsStreamName,
  parseFactHeaders,
  parseFactSubject,
  problemSchema,
  pushedLineSchema,
  pushLimits,
  pushMessageSchema,
  type FactAttributes,
  type PushedLine,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { connect, disconnect } from '../connections';
import { ProblemException } from '../problems/problem';
import { putSession } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';
import { messagesFact } from './push-lines';
import { PushLog } from './push-log';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.stop());

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  gateway.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin'), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

async function answer(response: Response): Promise<[number, unknown]> {
  return [response.status, await response.json()];
}

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
}

interface StoredFact {
  readonly attributes: FactAttributes;
  readonly host: string | undefined;
  readonly lines: readonly PushedLine[];
  readonly bytes: number;
}

/** What the log holds of a session, in order. */
async function factsOf(nativeId: string): Promise<StoredFact[]> {
  // Not the gateway's own connection: it may come back later than that one, and what is asked before that is lost.
  const manager = await eventually(() => jetstreamManager(gateway.connections.nats));
  const { state } = await manager.streams.info(factsStreamName);
  const facts: StoredFact[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && seq > 0; seq++) {
    const message = await manager.direct.getMessage(factsStreamName, { seq });
    if (!message) continue;
    const headers = parseFactHeaders((name) => message.header.get(name));
    if (!headers.ok) throw new Error(headers.reason);
    if (headers.attributes.path !== `push:${nativeId}`) continue;
    const text = message.string();
    expect(text.endsWith('\n')).toBe(true);
    facts.push({
      attributes: headers.attributes,
      host: parseFactSubject(message.subject)?.host,
      lines: text
        .slice(0, -1)
        .split('\n')
        .map((line) => pushedLineSchema.parse(JSON.parse(line))),
      bytes: message.data.length,
    });
  }
  return facts;
}

const linesOf = async (nativeId: string) => (await factsOf(nativeId)).flatMap(({ lines }) => lines);

/** Each fact goes on where the one before ended, within one generation, later than it. */
function expectOneChain(facts: readonly StoredFact[]): void {
  let to = 0;
  let at = '';
  for (const { attributes, bytes } of facts) {
    expect(attributes.generation).toBe(facts[0]?.attributes.generation);
    expect([attributes.from, attributes.to]).toEqual([to, to + bytes]);
    expect(attributes.time > at).toBe(true);
    to = attributes.to;
    at = attributes.time;
  }
  expect(new Set(facts.map(({ attributes }) => attributes.id)).size).toBe(facts.length);
}

describe('pushing', () => {
  it('announces, adds and ends: facts of one session in order, with the gateway’s times', async () => {
    const before = Date.now();
    expect(
      await answer(await post('/api/sessions', { session_id: 'chat-1', title: 'Parcel', user: null })),
    ).toEqual([201, { session_id: 'chat-1', id: 'push:chat-1' }]);
    const chat = { message: 'Where is it?', idempotencyKey: 'k1' };
    expect(await answer(await post('/api/sessions/chat-1/chat', chat))).toEqual([
      202,
      { session_id: 'chat-1', id: 'push:chat-1', accepted: 1 },
    ]);
    const more = {
      messages: [
        { role: 'assistant', message: 'Looking.', model: 'm', usage: { input: 3, output: 2 }, tool: 'find' },
        { role: 'tool', message: 'In the van.', tool: { name: 'find', durationMs: 5 } },
      ],
    };
    expect((await post('/api/sessions/push%3Achat-1/chat', more)).status).toBe(202);
    expect((await post('/api/sessions/chat-1/end', { status: 'failed', reason: 'gone' })).status).toBe(202);
    const facts = await factsOf('chat-1');
    expectOneChain(facts);
    expect(facts.map(({ attributes, host }) => [attributes.type, attributes.source, host])).toEqual([
      ['telltale.session.reported.v1', '/gateway', 'gateway-host'],
      ['telltale.session.reported.v1', '/gateway', 'gateway-host'],
      ['telltale.session.reported.v1', '/gateway', 'gateway-host'],
      ['telltale.session.ended.v1', '/gateway', 'gateway-host'],
    ]);
    const lines = facts.flatMap((fact) => fact.lines);
    expect(lines).toMatchObject([
      { kind: 'session', title: 'Parcel' },
      { kind: 'message', id: 'k1', role: 'user', text: 'Where is it?' },
      {
        kind: 'message',
        role: 'assistant',
        usage: { input: 3, output: 2, total: 5 },
        tool: { name: 'find' },
      },
      { kind: 'message', role: 'tool', text: 'In the van.' },
      { kind: 'end', status: 'failed', reason: 'gone' },
    ]);
    for (const { at } of lines) {
      expect(Date.parse(at)).toBeGreaterThanOrEqual(before);
      expect(Date.parse(at)).toBeLessThanOrEqual(Date.now() + 5);
    }
    expect(facts[0]?.attributes.seen).toBeGreaterThanOrEqual(before);
  });

  it('names a session where the client does not, and needs no body for it', async () => {
    const response = await gateway.fetch('/api/sessions', {
      method: 'POST',
      headers: gateway.bearer('admin'),
    });
    const [status, body] = await answer(response);
    expect([status, body]).toEqual([
      201,
      { session_id: expect.any(String), id: expect.stringMatching(/^push:/) },
    ]);
  });

  it('begins an unknown session by its first message, and does not end one', async () => {
    expect((await post('/api/sessions/unknown-1/end', {})).status).toBe(404);
    expect((await post('/api/sessions/unknown-1/chat', { message: 'hi' })).status).toBe(202);
    expect((await post('/api/sessions/unknown-1/end', {})).status).toBe(202);
    expect((await linesOf('unknown-1')).map(({ kind }) => kind)).toEqual(['message', 'end']);
  });

  it('says by the key that a message is the same; without one each is another', async () => {
    for (let n = 0; n < 2; n++) {
      await post('/api/sessions/keys/chat', { message: 'with', idempotencyKey: 'same' });
      await post('/api/sessions/keys/chat', { message: 'without' });
    }
    const ids = (await linesOf('keys')).map((line) => ('id' in line ? line.id : ''));
    expect([new Set(ids).size, ids.filter((id) => id === 'same')]).toEqual([3, ['same', 'same']]);
  });

  it('keeps one chain while many push into one session, by two gateways of one name', async () => {
    const { app, connections } = gateway;
    const other = await connect({ ...connections.config });
    try {
      const one = app.get(PushLog);
      const two = new PushLog(other.nats, connections.config, Date.now, connections.logger);
      const push = (n: number) => {
        const message = pushMessageSchema.parse({ message: `m${n}`, idempotencyKey: `k${n}` });
        return (n % 2 ? one : two).append('crowd', messagesFact([message]));
      };
      // Six at once by each: a request that waits behind thirty others may be told that it took too long.
      const inTurn = async (first: number) => {
        for (let n = first; n < 60; n += 12) await push(n);
      };
      await Promise.all(Array.from({ length: 12 }, (_, first) => inTurn(first)));
    } finally {
      await disconnect(other);
    }
    const facts = await factsOf('crowd');
    expectOneChain(facts);
    const ids = facts.flatMap(({ lines }) => lines.map((line) => ('id' in line ? line.id : '')));
    expect(new Set(ids).size).toBe(60);
    expect(ids).toHaveLength(60);
  });
});

describe('a clock that is put back', () => {
  it('lets times rise all the same, whichever replica writes', async () => {
    const { connections } = gateway;
    let now = Date.now();
    const logs = [0, 1].map(
      () => new PushLog(connections.nats, connections.config, () => now, connections.logger),
    );
    const message = pushMessageSchema.parse({ message: 'x' });
    for (const back of [0, 3_600_000, 0, 86_400_000]) {
      now -= back;
      for (const log of logs) await log.append('back', messagesFact([message]));
    }
    const facts = await factsOf('back');
    expect(facts).toHaveLength(8);
    expectOneChain(facts);
  });
});

describe('an id of another source', () => {
  it('is refused as it stands, and taken as a pushed one where it says so', async () => {
    const { readModel } = gateway.connections;
    await putSession(readModel, { id: 'taken', source: 'claude-code' });
    await putSession(readModel, { id: 'session 1@a/b', source: 'ui-test' });
    for (const [path, body] of [
      ['/api/sessions', { session_id: 'taken' }],
      ['/api/sessions/taken/chat', { message: 'x' }],
      ['/api/sessions/taken/end', {}],
      [`/api/sessions/${encodeURIComponent('session 1@a/b')}/chat`, { message: 'x' }],
    ] as const) {
      const problem = await problemOf(await post(path, body));
      expect([path, problem.status, problem.field]).toEqual([
        path,
        409,
        path.includes('s/') ? 'id' : 'session_id',
      ]);
    }
    expect(await linesOf('taken')).toEqual([]);
    expect((await post('/api/sessions/push:taken/chat', { message: 'x' })).status).toBe(202);
    expect(await linesOf('taken')).toHaveLength(1);
  });
});

describe('limits', () => {
  it.each([
    ['/api/sessions', { session_id: 'a b' }, 400, 'session_id'],
    ['/api/sessions', { session_id: 'x'.repeat(129) }, 400, 'session_id'],
    ['/api/sessions', { session_id: 'push:' }, 400, 'session_id'],
    ['/api/sessions', { source: 'codex' }, 400, 'source'],
    ['/api/sessions', { titel: 'x' }, 400, 'titel'],
    ['/api/sessions/%2e%2e%2fx/chat', { message: 'x' }, 400, 'id'],
    [`/api/sessions/${'x'.repeat(600)}/chat`, { message: 'x' }, 400, 'id'],
    ['/api/sessions/a%00b/chat', { message: 'x' }, 400, undefined],
    ['/api/sessions/limits/chat', {}, 400, 'message'],
    ['/api/sessions/limits/chat', [], 400, ''],
    ['/api/sessions/limits/chat', { message: 'x'.repeat(pushLimits.messageCharacters + 1) }, 400, 'message'],
    ['/api/sessions/limits/chat', { messages: [] }, 400, 'messages'],
    ['/api/sessions/limits/chat', { messages: Array(101).fill({ message: 'x' }) }, 400, 'messages'],
    [
      '/api/sessions/limits/chat',
      { messages: [{ message: 'x' }, { message: 5 }] },
      400,
      'messages.1.message',
    ],
    ['/api/sessions/limits/chat', { message: 'x', usage: { output: -1 } }, 400, 'usage.output'],
    ['/api/sessions/limits/chat', { message: 'x', idempotencyKey: 'x'.repeat(129) }, 400, 'idempotencyKey'],
    ['/api/sessions/limits/chat', '{"message":', 400, undefined],
    ['/api/sessions/limits/chat', `"${'x'.repeat(pushLimits.bodyBytes)}"`, 413, undefined],
    ['/api/sessions/limits/end', { status: 'cancelled' }, 400, 'status'],
  ])('case %# is refused', async (path, body, status, field) => {
    const problem = await problemOf(await post(path, body));
    expect([problem.status, problem.field]).toEqual([status, field]);
    expect(problem.detail).toBeTruthy();
  });

  it('takes what is just small enough, above what other routes take, as one fact', async () => {
    const messages = Array.from({ length: 5 }, () => ({
      message: 'ä\n'.repeat(pushLimits.messageCharacters / 4),
    }));
    const response = await post('/api/sessions/large/chat', { messages });
    expect(response.status).toBe(202);
    expect(await factsOf('large')).toHaveLength(1);
    const login = await post('/api/auth/login', { username: 'x'.repeat(200_000), password: 'x' });
    expect(login.status).toBe(413);
  });

  it('refuses what would be too large for the log though the request is small enough', async () => {
    // Bytes that are no UTF-8 become three each.
    const bytes = Buffer.concat([
      Buffer.from('{"messages":['),
      ...Array.from({ length: 5 }, (_, n) =>
        Buffer.concat([
          Buffer.from(`${n ? ',' : ''}{"message":"`),
          Buffer.alloc(99_000, 0xff),
          Buffer.from('"}'),
        ]),
      ),
      Buffer.from(']}'),
    ]);
    const headers = { 'content-type': 'application/json', ...gateway.bearer('admin') };
    const init = { method: 'POST', headers, body: bytes };
    expect((await gateway.fetch('/api/sessions/grows/chat', init)).status).toBe(413);
    expect(await factsOf('grows')).toEqual([]);
  });

  it('wants JSON', async () => {
    const response = await post('/api/sessions/limits/chat', 'message=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect((await problemOf(response)).status).toBe(415);
  });

  it('is not for viewers, nor for anybody', async () => {
    expect((await post('/api/sessions', {}, gateway.bearer('viewer'))).status).toBe(403);
    expect((await post('/api/sessions', {}, { authorization: 'Bearer tt_x' })).status).toBe(401);
  });
});

describe('too many requests', () => {
  it('are told when to come back, token by token', async () => {
    const now = Date.now(); // it stands still: nothing is granted anew, however long the requests take
    const slow = await startTestGateway({ pushRate: 0.5 }, { clock: () => now });
    try {
      const push = (headers: Record<string, string>) =>
        slow.fetch('/api/sessions/rate/chat', {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ message: 'x' }),
        });
      const statuses: number[] = [];
      for (let n = 0; n < 5; n++) statuses.push((await push(slow.bearer('admin'))).status);
      expect(statuses).toEqual([202, 202, 202, 202, 202]);
      const refused = await push(slow.bearer('admin'));
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect((await problemOf(refused)).status).toBe(429);
      const made = await slow.fetch('/api/admin/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...slow.bearer('admin') },
        body: JSON.stringify({ name: 'chat', scopes: ['push'] }),
      });
      const { token } = (await made.json()) as { token: string };
      expect((await push({ authorization: `Bearer ${token}` })).status).toBe(202);
    } finally {
      await slow.stop();
    }
  });
});

describe('while the log is away', () => {
  it('waits for a moment, says so after that, and goes on when it is back', async () => {
    await post('/api/sessions/away/chat', { message: 'before', idempotencyKey: 'a' });
    await gateway.nats.kill();
    const began = performance.now();
    const refused = await post('/api/sessions/away/chat', { message: 'lost?', idempotencyKey: 'b' });
    expect((await problemOf(refused)).detail).toContain('NATS');
    expect(refused.status).toBe(503);
    expect(performance.now() - began).toBeLessThan(30_000); // five seconds, and as slow as the machine may be
    const log = gateway.app.get(PushLog);
    const message = pushMessageSchema.parse({ message: 'x' });
    const crowd = Array.from({ length: 300 }, (_, n) => log.append(`waits-${n}`, messagesFact([message])));
    const refusals = (await Promise.allSettled(crowd)).map((each) => {
      const reason: unknown = 'reason' in each ? each.reason : undefined;
      return reason instanceof ProblemException ? (reason.problem.detail ?? '') : '';
    });
    expect(refusals.filter((why) => why.includes('Nothing was taken'))).toHaveLength(300 - 256);
    expect(refusals.filter((why) => why.includes('not known'))).toHaveLength(256);
    const waiting = post('/api/sessions/away/chat', { message: 'waits', idempotencyKey: 'c' });
    await gateway.nats.restart();
    expect([202, 503]).toContain((await waiting).status);
    await eventually(
      async () => {
        for (const key of ['b', 'c'])
          expect((await post('/api/sessions/away/chat', { message: 'x', idempotencyKey: key })).status).toBe(
            202,
          );
      },
      { timeoutMs: 40_000 },
    );
    const facts = await factsOf('away');
    expectOneChain(facts);
    const ids = facts.flatMap(({ lines }) => lines.map((line) => ('id' in line ? line.id : '')));
    expect(new Set(ids)).toEqual(new Set(['a', 'b', 'c']));
  });
});
