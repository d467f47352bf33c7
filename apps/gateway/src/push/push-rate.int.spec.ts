import { pushLimits } from '@telltale/contracts';
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
beforeAll(async () => {
  const now = Date.now(); // it stands still: nothing is granted anew, however long the requests take
  gateway = await startTestGateway({ pushRate: 0.5 }, { clock: () => now });
});
afterAll(() => gateway?.stop());

/** Announces a body as large as may be, and sends none of it unless it is told to go on. */
function announced(role: 'admin' | 'viewer'): ClientRequest {
  const headers = {
    ...gateway.bearer(role),
    'content-type': 'application/json',
    'content-length': String(pushLimits.bodyBytes),
    expect: '100-continue',
  };
  const sent = request(`${gateway.url}/api/sessions/many/chat`, { method: 'POST', headers });
  sent.on('error', () => undefined); // it is cut once it is answered
  sent.flushHeaders();
  return sent;
}

async function answerTo(sent: ClientRequest): Promise<string> {
  const answer = await Promise.race([
    once(sent, 'continue').then(() => 'go on'),
    once(sent, 'response').then(([response]) => String((response as IncomingMessage).statusCode)),
  ]);
  sent.destroy();
  return answer;
}

it.each(['admin', 'viewer'] as const)('has no body read of who comes too often: %s', async (role) => {
  const answers: string[] = [];
  for (let n = 0; n < 6; n++) answers.push(await answerTo(announced(role)));
  expect(answers).toEqual(['go on', 'go on', 'go on', 'go on', 'go on', '429']);
});

it('counts a request once, with a body and without', async () => {
  const token = await fetch(`${gateway.url}/api/admin/tokens`, {
    method: 'POST',
    headers: { ...gateway.bearer('admin'), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'push', scopes: ['push'], expiresAt: null }),
  });
  const { token: text } = (await token.json()) as { token: string };
  const push = async (body: string | null) => {
    const headers = { authorization: `Bearer ${text}`, 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url}/api/sessions/once/chat`, { method: 'POST', headers, body });
    return response.status;
  };
  const statuses: number[] = [];
  for (const body of [
    '{"message":"a"}',
    null,
    '{"message":"b"}',
    null,
    '{"message":"c"}',
    null,
    '{"message":"d"}',
  ])
    statuses.push(await push(body));
  expect(statuses).toEqual([202, 400, 202, 400, 202, 429, 429]);
});
