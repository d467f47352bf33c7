import type { TelltaleProcess } from '../../harness/telltale-process';
import { dollars, type Expected } from './expected';

const model = 'claude-haiku-4-5-20251001';
const answers = [
  { input: 812, output: 40, cacheRead: 2100 },
  { input: 901, output: 25, cacheRead: 2100 },
] as const;
/** Dollars for a million tokens. */
const price = { input: 1, output: 5, cacheRead: 0.1 };

/** Reports a session over HTTP, each request twice, as after a timeout. */
export async function pushSession(telltale: TelltaleProcess): Promise<Expected> {
  const post = async (path: string, body: object): Promise<void> => {
    for (let times = 0; times < 2; times++) {
      const response = await fetch(`${telltale.url}/api/sessions${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await telltale.accessToken()}`,
        },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
    }
  };
  const title = 'Where is my parcel?';
  await post('', { session_id: 'chat-7', user: 'ada', title, project: '/srv/support-chat', model });
  const tool = { name: 'find_parcel', id: 'call-1', input: { customer: 7 } };
  await post('/chat-7/chat', {
    messages: [
      { message: title, idempotencyKey: 'm1' },
      { role: 'assistant', message: 'Let me look.', idempotencyKey: 'm2', usage: answers[0], tool },
      { role: 'tool', message: 'In the van.', idempotencyKey: 'm3', tool: { name: tool.name, id: tool.id } },
      { role: 'assistant', message: 'In the van.', idempotencyKey: 'm4', usage: answers[1] },
    ],
  });
  await post('/chat-7/end', { status: 'completed' });
  return { id: 'push:chat-7', title, project: '/srv/support-chat', ...figures() };
}

function figures(): Omit<Expected, 'id'> {
  const sum = (name: keyof typeof price) => answers.reduce((all, one) => all + one[name], 0);
  const [input, output, cacheRead] = [sum('input'), sum('output'), sum('cacheRead')];
  const cost = (input * price.input + output * price.output + cacheRead * price.cacheRead) / 1e6;
  return {
    source: 'push',
    status: 'completed',
    prompts: 1,
    messages: 3,
    tools: { find_parcel: 1 },
    models: {
      [model]: { tokens: { input, output, cacheRead, cacheWrite5m: 0, cacheWrite1h: 0 } },
    },
    costUsd: dollars(cost),
    reportedCostUsd: null,
    unpricedModels: [],
  };
}
