import { provenanceSchema, servedSessionSchema, type Provenance } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import type { TestGateway } from '../testing/test-gateway';
import { startGatewayWithIngest, type GatewayWithIngest } from '../testing/with-ingest';

let gateway: TestGateway;
let running: GatewayWithIngest;

beforeAll(async () => {
  running = await startGatewayWithIngest();
  ({ gateway } = running);
});
afterAll(() => running?.stop());

const id = 'push:chat';
const send = async (method: string, path: string, body?: object) => {
  const { status } = await gateway.fetch(path, {
    method,
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return status;
};
const stateAt = (at: string) => gateway.get(`/api/sessions/${id}/state?at=${at}`);
const provenance = () => gateway.get(`/api/sessions/${id}/provenance`);
const countedOf = ({ items }: Provenance, figure: string) =>
  items.filter((item) => item.figure === figure && item.verdict === 'counted');

it('tells of a pushed session while it is there, and nothing once it is deleted', async () => {
  expect(
    await send('POST', '/api/sessions', { session_id: 'chat', title: 'Pushed', project: '/srv/p' }),
  ).toBe(201);
  const usage = { input: 10, output: 5 };
  const messages = [
    { message: 'Hello', role: 'user' },
    { message: 'Hi', role: 'assistant', model: 'claude-opus-4-6', usage },
  ];
  expect(await send('POST', '/api/sessions/chat/chat', { messages })).toBe(202);
  const session = await eventually(
    async () => {
      const { body } = await gateway.get(`/api/sessions/${id}`);
      const shown = servedSessionSchema.parse(body);
      expect(shown.stats.messages).toBe(2);
      return shown;
    },
    { timeoutMs: 60_000 },
  );

  const soon = new Date(Date.now() + 60_000).toISOString();
  const state = servedSessionSchema.parse((await stateAt(soon)).body);
  expect(state.stats).toEqual(session.stats);
  expect(state.title).toBe('Pushed');
  const told = provenanceSchema.parse((await provenance()).body);
  expect(countedOf(told, 'messages')).toHaveLength(2);
  expect(countedOf(told, 'tokens.total').map(({ value }) => value)).toEqual([15]);
  for (const item of told.items) {
    expect(item).toMatchObject({ file: null, from: null, to: null });
    expect(item.record).toContain('pushed: it stands in no file');
  }

  expect(await send('DELETE', `/api/sessions/${id}`)).toBeLessThan(300);
  await eventually(async () => expect((await gateway.get(`/api/sessions/${id}`)).status).toBe(404), {
    timeoutMs: 60_000,
  });
  expect((await stateAt(soon)).status).toBe(404);
  expect((await stateAt(session.startedAt ?? '')).status).toBe(404);
  expect((await provenance()).status).toBe(404);
});
