import { eventually } from '@telltale/platform/testing';
import type { TestGateway } from '../testing/test-gateway';
import { startGatewayWithIngest, type GatewayWithIngest } from '../testing/with-ingest';
import { BudgetClient } from './testing/budget-client';
import { zoneAtNoon } from './testing/times';

// From a pushed message by way of the real ingest to the alert: what it publishes is what is followed here.
let gateway: TestGateway;
let client: BudgetClient;
let running: GatewayWithIngest;

beforeAll(async () => {
  running = await startGatewayWithIngest();
  ({ gateway } = running);
  client = new BudgetClient(gateway);
});
afterAll(() => running?.stop());

const model = 'claude-haiku-4-5-20251001';

/** A dollar for a million tokens of input. */
async function say(session: string, dollars: number): Promise<void> {
  const response = await gateway.fetch(`/api/sessions/${session}/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify({
      role: 'assistant',
      message: 'Done.',
      model,
      usage: { input: dollars * 1_000_000, output: 0 },
    }),
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
}

it('raises alerts of what ingest counted, by its deltas', async () => {
  const [session, day, project] = await client.set([
    { scope: 'session', limitUsd: 5 },
    { scope: 'day', limitUsd: 20, thresholds: [0.5], tz: zoneAtNoon() },
    { scope: 'project', limitUsd: 1 },
  ]);
  await say('one', 3);
  await say('one', 1);
  await eventually(async () => expect(await client.told(session?.id)).toEqual(['push:one 0.8']));
  await say('two', 6);
  await eventually(async () => {
    expect(await client.told(session?.id)).toEqual(['push:one 0.8', 'push:two 1']);
    expect(await client.told(day?.id)).toHaveLength(1);
  });
  const states = (await client.list()).map(({ state }) => [state.spentUsd, state.share, state.key]);
  expect(states).toEqual([
    [6, 1.2, 'push:two'],
    [10, 0.5, null],
    [0, 0, null],
  ]);
  expect(await client.told(project?.id)).toEqual([]); // pushed without a project
});
