import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { factHeaders, factSubject } from '@telltale/contracts';
import type { TestGateway } from '../../testing/test-gateway';

/** Publishes lines of a transcript as one fact; its sequence. */
export async function publishLines(gateway: TestGateway, lines: readonly string[]): Promise<number> {
  const body = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
  const told = headers();
  const pairs = factHeaders({
    specversion: '1.0',
    id: 'fact-0001',
    source: '/watchers/atlas',
    time: '2026-03-01T10:00:00.000Z',
    generation: 'g1',
    type: 'telltale.file.appended.v1',
    path: '/home/kim/.claude/projects/shop/s.jsonl',
    root: '/home/kim/.claude',
    from: 0,
    to: body.byteLength,
  });
  for (const [name, value] of pairs) told.set(name, value);
  const subject = factSubject({
    partition: 0,
    source: 'claude-code',
    host: 'atlas',
    file: '0123456789abcdef',
  });
  return (await jetstream(gateway.connections.nats).publish(subject, body, { headers: told })).seq;
}

/** A prompt as Claude Code writes it; its item's key is `p:<uuid>`. */
export function promptLine(uuid: string, content: unknown): string {
  const message = { role: 'user', content };
  return JSON.stringify({
    type: 'user',
    uuid,
    sessionId: 's',
    timestamp: '2026-03-01T10:00:00.000Z',
    message,
  });
}

/** A tool use and its result: two lines. */
export function toolLines(id: string, input: unknown, result: string): string[] {
  const use = JSON.stringify({
    type: 'assistant',
    uuid: `u-${id}`,
    sessionId: 's',
    timestamp: '2026-03-01T10:00:00.000Z',
    message: {
      id: `m-${id}`,
      role: 'assistant',
      model: 'claude-opus-4-6',
      content: [{ type: 'tool_use', id, name: 'Bash', input }],
    },
  });
  return [use, promptLine(`r-${id}`, [{ type: 'tool_result', tool_use_id: id, content: result }])];
}
