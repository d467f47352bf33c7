/** Records of a transcript as a test needs them, all below one root. */
export const root = '/home/dev/.claude';

export const mainPath = (session: string) => `${root}/projects/-home-dev-app/${session}.jsonl`;

export const secondsAfterTen = (second: number) =>
  new Date(Date.UTC(2026, 5, 1, 10, 0, second)).toISOString();

export function prompt(session: string, uuid: string, second: number) {
  return {
    type: 'user',
    uuid,
    sessionId: session,
    timestamp: secondsAfterTen(second),
    cwd: '/home/dev/app',
    message: { role: 'user', content: `please do ${uuid}` },
  };
}

export function answer(session: string, message: string, second: number, output = 10) {
  return {
    type: 'assistant',
    uuid: `${message}-${output}`,
    sessionId: session,
    timestamp: secondsAfterTen(second),
    cwd: '/home/dev/app',
    requestId: `req-${message}`,
    message: {
      id: message,
      role: 'assistant',
      model: 'claude-sonnet-4-5-20250929',
      content: [{ type: 'text', text: `done ${message}` }] as unknown[],
      usage: { input_tokens: 5, output_tokens: output } as Record<string, unknown>,
    },
  };
}

export const linesOf = (...records: unknown[]) =>
  Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
