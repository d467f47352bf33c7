import {
  analyticsSummarySchema,
  problemSchema,
  timelineSchema,
  type AnalyticsSummary,
} from '@telltale/contracts';
import fc from 'fast-check';
import { putItem, putSession, putUsage, rollUp } from '../testing/rows';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
const pool = () => gateway.connections.readModel;

const summary = async (query: string): Promise<AnalyticsSummary> =>
  analyticsSummarySchema.parse((await gateway.get(`/api/analytics/summary?${query}`)).body);
const group = (answer: AnalyticsSummary, key: string | null) =>
  answer.groups.find((each) => each.key === key);
const keys = (answer: AnalyticsSummary) => answer.groups.map(({ key }) => key);

/**
 * Two sessions around midnight. `late` is a copy of `early`'s history with one message of its own; `free` only used
 * a model that nobody has a price for.
 */
beforeAll(async () => {
  gateway = await startTestGateway();
  const db = pool();
  const project = { path: '/srv/api', name: 'api' };
  await putSession(db, {
    id: 'early',
    startedAt: '2026-03-01T22:50:00Z',
    lastActivityAt: '2026-03-02T00:20:00Z',
  });
  await putSession(db, {
    id: 'late',
    host: 'boreas',
    project,
    startedAt: '2026-03-02T08:00:00Z',
    lastActivityAt: '2026-03-02T08:07:30Z',
  });
  await putSession(db, {
    id: 'free',
    project: null,
    startedAt: '2026-03-03T08:00:00Z',
    lastActivityAt: '2026-03-03T08:00:00Z',
  });
  await putSession(db, {
    id: 'copy',
    startedAt: '2026-03-04T08:00:00Z',
    lastActivityAt: '2026-03-04T08:00:00Z',
  });
  const prompt = (key: string, session: string, at: string) =>
    putItem(db, { key, session, kind: 'prompt', at });
  const message = async (
    key: string,
    session: string,
    at: string,
    costPico: string | null,
    model = 'claude-opus-4-6',
  ) => {
    await putItem(db, { key, session, kind: 'assistant', at, model });
    await putUsage(db, {
      key,
      session,
      at,
      model,
      tokens: { input: 10, output: 5, cacheRead: 100, reasoning: 2 },
      costPico,
    });
  };
  const tool = (key: string, session: string, at: string, name: string, model = 'claude-opus-4-6') =>
    putItem(db, { key, session, kind: 'tool', at, name, model });

  await prompt('p:1', 'early', '2026-03-01T22:50:00Z');
  await message('m:1', 'early', '2026-03-01T22:59:59.999Z', '1234567890123');
  await tool('t:1', 'early', '2026-03-01T23:00:00Z', 'Bash');
  await message('m:2', 'early', '2026-03-02T00:20:00Z', '1', 'claude-haiku-4-5');
  await tool('t:2', 'early', '2026-03-02T00:20:00Z', 'Read', 'claude-haiku-4-5');
  await putItem(db, {
    key: 'p:1',
    session: 'late',
    kind: 'prompt',
    at: '2026-03-01T22:50:00Z',
    counted: false,
  });
  await putUsage(db, {
    key: 'm:1',
    session: 'late',
    at: '2026-03-01T22:59:59.999Z',
    owner: null,
    tokens: { input: 10 },
  });
  await message('m:3', 'late', '2026-03-02T08:07:30Z', '2000000000000');
  await putItem(db, { key: 't:9', session: 'late', kind: 'tool', at: '2026-03-02T08:07:30Z', used: false });
  await message('m:4', 'free', '2026-03-03T08:00:00Z', null, 'mystery-1');
  await rollUp(db);
  // What moved to another session leaves zeros behind.
  await db.query(
    `insert into rollup (session_id, bucket, model) values ('copy', '2026-03-01T23:00:00Z', 'claude-opus-4-6')`,
  );
});
afterAll(() => gateway.stop());

describe('the total', () => {
  it('counts everything once', async () => {
    expect((await summary('')).total).toEqual({
      sessions: 4,
      messages: 5,
      toolCalls: 2,
      tokens: {
        input: 40,
        output: 20,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
        cacheRead: 400,
        reasoning: 8,
        total: 460,
      },
      costUsd: 3.234567890124,
    });
  });

  it.each(['hour', 'model', 'project', 'host', 'source', 'tool'])('is the same by %s', async (groupBy) => {
    expect((await summary(`groupBy=${groupBy}`)).total).toEqual((await summary('')).total);
  });
});

describe('groups', () => {
  it('by day follow the time zone', async () => {
    const utc = await summary('groupBy=day');
    expect(keys(utc)).toEqual(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04']);
    expect(group(utc, '2026-03-01')).toMatchObject({ sessions: 1, messages: 2, toolCalls: 1 });
    const berlin = await summary('groupBy=day&tz=Europe/Berlin');
    expect(group(berlin, '2026-03-01')).toMatchObject({ messages: 2, toolCalls: 0 });
    expect(group(berlin, '2026-03-02')).toMatchObject({ sessions: 2, messages: 2, toolCalls: 2 });
    const nepal = await summary('groupBy=hour&tz=Asia/Kathmandu');
    expect(group(nepal, '2026-03-02T04')).toMatchObject({ messages: 2, toolCalls: 1 });
  });

  it('by model: prompts have none, tool calls have the one that called', async () => {
    const answer = await summary('groupBy=model');
    expect(keys(answer)).toEqual(['claude-opus-4-6', 'claude-haiku-4-5', 'mystery-1', null]);
    expect(group(answer, 'claude-opus-4-6')).toMatchObject({
      sessions: 2,
      messages: 2,
      toolCalls: 1,
      costUsd: 3.234567890123,
    });
    expect(group(answer, null)).toMatchObject({ messages: 1, toolCalls: 0, costUsd: 0 });
  });

  it('say null where there was usage and no price', async () => {
    expect(group(await summary('groupBy=model'), 'mystery-1')).toMatchObject({ messages: 1, costUsd: null });
    expect((await summary('session=free')).total.costUsd).toBeNull();
  });

  it('by project, host and source', async () => {
    expect(keys(await summary('groupBy=project'))).toEqual(['/srv/api', '/home/kim/shop', null]);
    expect(group(await summary('groupBy=host'), 'boreas')).toMatchObject({ sessions: 1, messages: 1 });
    expect(group(await summary('groupBy=source'), 'claude-code')).toMatchObject({ sessions: 4, messages: 5 });
  });

  it('by tool know no usage, and messages belong to none', async () => {
    const answer = await summary('groupBy=tool');
    expect(keys(answer)).toEqual(['Bash', 'Read', null]);
    const unknown = { tokens: null, costUsd: null };
    expect(group(answer, 'Bash')).toEqual({
      ...{ key: 'Bash', sessions: 1, messages: 0, toolCalls: 1, ...unknown },
    });
    expect(group(answer, null)).toMatchObject({ messages: 5, toolCalls: 0, ...unknown });
  });

  it.each(['day', 'hour', 'model', 'project', 'host', 'source', 'tool'])(
    'by %s add up to the total',
    async (groupBy) => {
      const { groups, total } = await summary(`groupBy=${groupBy}`);
      const sum = (figure: 'messages' | 'toolCalls') => groups.reduce((all, each) => all + each[figure], 0);
      expect([sum('messages'), sum('toolCalls')]).toEqual([total.messages, total.toolCalls]);
    },
  );

  it('of one session', async () => {
    expect((await summary('session=late')).total).toMatchObject({
      sessions: 1,
      messages: 1,
      toolCalls: 0,
      costUsd: 2,
    });
    expect((await summary('session=nobody')).total).toMatchObject({ sessions: 0, messages: 0, costUsd: 0 });
  });
});

describe('ranges', () => {
  it('are exact to the millisecond', async () => {
    const within = async (from: string, to: string) =>
      (await summary(`from=${encodeURIComponent(from)}&to=${to}`)).total;
    expect(await within('2026-03-01T22:59:59.999Z', '2026-03-01T23:00:00Z')).toMatchObject({
      messages: 1,
      toolCalls: 0,
    });
    expect(await within('2026-03-01T23:00:00Z', '2026-03-01T23:00:00.001Z')).toMatchObject({
      messages: 0,
      toolCalls: 1,
    });
    expect(await within('2026-03-02T08:07:30.001Z', '2026-03-02T09:00:00Z')).toMatchObject({
      sessions: 0,
      messages: 0,
    });
    expect(await within('2026-03-02T09:07:30+01:00', '2026-03-02T09:00:00Z')).toMatchObject({
      sessions: 1,
      messages: 1,
    });
    expect(await within('2026-03-02T08:00:00Z', '2026-03-02T08:00:00Z')).toMatchObject({
      sessions: 0,
      messages: 0,
    });
  });

  it('begin and end with days of the time zone', async () => {
    for (const [days, times] of [
      ['from=2026-03-02&to=2026-03-03', 'from=2026-03-02T00:00:00Z&to=2026-03-03T00:00:00Z'],
      ['from=2026-03-02', 'from=2026-03-01T23:00:00Z', 'tz=Europe/Berlin'],
      ['to=2026-03-02', 'to=2026-03-01T23:00:00Z', 'tz=Europe/Berlin'],
    ].map(([day = '', time = '', zone = 'tz=UTC']) => [`${day}&${zone}`, `${time}&${zone}`])) {
      const { total } = await summary(days ?? '');
      expect(total).toEqual((await summary(times ?? '')).total);
      expect(total.messages).toBeGreaterThan(0);
    }
    expect((await summary('to=2026-03-02&tz=Europe/Berlin')).total).not.toEqual(
      (await summary('to=2026-03-02')).total,
    );
  });

  it('add up, wherever they are cut', async () => {
    const start = Date.parse('2026-03-01T22:00:00Z');
    const end = Date.parse('2026-03-05T00:00:00Z');
    const instant = fc.integer({ min: start, max: end }).map((ms) => new Date(ms).toISOString());
    const whole = (await summary('')).total;
    await fc.assert(
      fc.asyncProperty(instant, fc.constantFrom('day', 'model', 'tool'), async (cut, groupBy) => {
        const before = (await summary(`to=${cut}&groupBy=${groupBy}`)).total;
        const after = (await summary(`from=${cut}&groupBy=${groupBy}`)).total;
        expect((before.messages ?? 0) + (after.messages ?? 0)).toBe(whole.messages);
        expect(before.toolCalls + after.toolCalls).toBe(whole.toolCalls);
        expect((before.tokens?.total ?? 0) + (after.tokens?.total ?? 0)).toBe(whole.tokens?.total);
        expect((before.costUsd ?? 0) + (after.costUsd ?? 0)).toBeCloseTo(whole.costUsd ?? 0, 9);
      }),
      { numRuns: 25 },
    );
  });

  it.each([
    ['tz=Mars/Olympus', 'tz'],
    ['tz=US/Pacific-New', 'tz'], // Node.js has it, PostgreSQL does not
    ['tz=%2B02:00', 'tz'],
    ['tz=%27;drop', 'tz'],
    ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'to'],
    ['groupBy=moon', 'groupBy'],
    ['from=now', 'from'],
    ['from=2026-02-30', 'from'],
    ['from=2026-03-02&to=2026-03-01', 'to'],
    ['session=%00', 'session'],
  ])('refuse %s', async (query, field) => {
    const { body } = await gateway.get(`/api/analytics/summary?${query}`);
    expect(problemSchema.parse(body)).toMatchObject({ status: 400, field });
  });
});

describe('the timeline of a session', () => {
  const timeline = async (query: string) =>
    timelineSchema.parse((await gateway.get(`/api/sessions/early/timeline?${query}`)).body);

  it('has points by minute, hour and day', async () => {
    const minutes = await timeline('bucket=minute');
    expect(minutes.points.map(({ at, messages, toolCalls }) => [at, messages, toolCalls])).toEqual([
      ['2026-03-01T22:50:00.000Z', 1, 0],
      ['2026-03-01T22:59:00.000Z', 1, 0],
      ['2026-03-01T23:00:00.000Z', 0, 1],
      ['2026-03-02T00:20:00.000Z', 1, 1],
    ]);
    const hours = await timeline('bucket=hour');
    expect(hours.points.map(({ at }) => at)).toEqual([
      '2026-03-01T22:00:00.000Z',
      '2026-03-01T23:00:00.000Z',
      '2026-03-02T00:00:00.000Z',
    ]);
    expect(hours.points[0]).toMatchObject({ messages: 2, costUsd: 1.234567890123, tokens: { total: 115 } });
    const days = await timeline('bucket=day&tz=Europe/Berlin');
    expect(days.points.map(({ at, toolCalls }) => [at, toolCalls])).toEqual([
      ['2026-02-28T23:00:00.000Z', 0],
      ['2026-03-01T23:00:00.000Z', 2],
    ]);
  });

  it('chooses by the length of the session, and adds up to it', async () => {
    const { bucket, points } = await timeline('');
    expect(bucket).toBe('minute');
    const { total } = await summary('session=early');
    expect(points.reduce((sum, point) => sum + point.tokens.total, 0)).toBe(total.tokens?.total);
    expect(points.reduce((sum, point) => sum + (point.costUsd ?? 0), 0)).toBeCloseTo(total.costUsd ?? 0, 9);
  });
});
