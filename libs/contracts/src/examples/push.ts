export const examplePushSession = {
  session_id: 'chat-4711',
  user: 'ada',
  title: 'Where is my parcel?',
  project: 'support-chat',
  model: 'claude-haiku-4-5-20251001',
};

export const examplePushChat = {
  messages: [
    { message: 'Where is my parcel?', idempotencyKey: 'm-1' },
    {
      message: 'In the van.',
      role: 'assistant',
      usage: { input: 1200, output: 34 },
      tool: { name: 'find_parcel', input: { customer: 7 } },
      idempotencyKey: 'm-2',
    },
  ],
};

export const examplePushEnd = { status: 'completed' };

export const examplePushed = { session_id: 'chat-4711', id: 'push:chat-4711' };

export const examplePushedChat = { ...examplePushed, accepted: 2 };
