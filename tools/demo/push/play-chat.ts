import { randomUUID } from 'node:crypto';
import type { Pace } from '../pace';
import type { Chat } from './chats';
import type { Push } from './gateway';

const model = 'claude-haiku-4-5-20251001';

/** Holds a conversation as its program reports it: message by message, each under a key of its own. */
export async function playChat(chat: Chat, push: Push, pace: Pace): Promise<void> {
  const id = `demo-${randomUUID().slice(0, 8)}`;
  const title = `Demo: ${chat.title}`;
  await push('', { session_id: id, user: chat.user, title, project: '/demo/lamp-shop-chat', model });
  let read = 2100;
  const say = (role: 'user' | 'assistant', message: string, more: object = {}) =>
    push(`/${id}/chat`, { role, message, idempotencyKey: randomUUID(), ...more });
  const usage = (output: number) => {
    read += 260;
    return { input: 90 + output, output, cacheRead: read };
  };
  for (const { asks, tool, answer } of chat.turns) {
    await say('user', asks);
    await pace.think(1500, 3500);
    if (tool) {
      const { name, input, result } = tool;
      const call = { name, id: randomUUID(), input };
      await say('assistant', 'Let me look.', { usage: usage(46), tool: call });
      await pace.work(1900);
      const end = { role: 'tool', message: result, tool: { name, id: call.id } };
      await push(`/${id}/chat`, { ...end, idempotencyKey: randomUUID() });
      await pace.think(1200, 2400);
    }
    await say('assistant', answer, { usage: usage(20 + answer.length) });
    await pace.think(9000, 24_000);
  }
  await push(`/${id}/end`, { status: 'completed' });
}
