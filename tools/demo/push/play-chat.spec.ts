import { pushChatRequestSchema, pushSessionRequestSchema } from '@telltale/contracts';
import { chats } from './chats';
import { playChat } from './play-chat';

it.each(chats)('holds "$title" in words that the gateway takes', async (chat) => {
  const sent: [path: string, body: object][] = [];
  const wait = (): Promise<void> => Promise.resolve();
  const pace = { now: () => new Date(), think: wait, work: wait };
  await playChat(chat, async (path, body) => void sent.push([path, body]), pace);
  const [announced, ...rest] = sent;
  const [, body] = announced ?? [];
  expect(pushSessionRequestSchema.parse(body)).toMatchObject({
    title: `Demo: ${chat.title}`,
    project: '/demo/lamp-shop-chat',
    user: chat.user,
  });
  const [path, end] = rest.pop() ?? [];
  expect([path, end]).toEqual([expect.stringMatching(/^\/demo-\w+\/end$/), { status: 'completed' }]);
  const messages = rest.map(([, message]) => pushChatRequestSchema.parse(message));
  const keys = messages.map((message) => 'idempotencyKey' in message && message.idempotencyKey);
  expect(new Set(keys).size).toBe(messages.length);
  const calls = chat.turns.filter(({ tool }) => tool).length;
  expect(messages).toHaveLength(2 * chat.turns.length + 2 * calls);
});
