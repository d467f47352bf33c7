import { jetstream } from '@nats-io/jetstream';
import { headers } from '@nats-io/transport-node';
import { factHeaders, factSubject, partitionOf, stableHash } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import type { TestGateway } from '../../testing/test-gateway';

const host = 'atlas';
const root = '/home/dev/.claude';
const factBytes = 120 * 1024;
const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 9) + second * 1000).toISOString();

const about = (session: string, n: number) => ({
  sessionId: session,
  cwd: '/home/dev/shop',
  timestamp: at(n),
  uuid: `${session}-${n}`,
});

/** An answer that counts: a message and a row of usage. */
export function answerLine(session: string, n: number): string {
  return `${JSON.stringify({
    ...{ type: 'assistant', ...about(session, n), requestId: `req_${n}` },
    message: {
      ...{
        id: `msg_${n}`,
        role: 'assistant',
        model: 'claude-opus-4-6',
        content: [{ type: 'text', text: 'Done.' }],
      },
      usage: { input_tokens: 10, output_tokens: 5 },
    },
  })}\n`;
}

export function promptLine(session: string, n: number, content: string): string {
  return `${JSON.stringify({ type: 'user', ...about(session, n), message: { role: 'user', content } })}\n`;
}

/** Publishes a transcript as a watcher would, long lines in parts; resolves when all of it is in the read model. */
export async function publishTranscript(
  gateway: TestGateway,
  session: string,
  lines: Iterable<string>,
): Promise<void> {
  const path = `${root}/projects/-home-dev-shop/${session}.jsonl`;
  const file = {
    partition: partitionOf(session),
    source: 'claude-code' as const,
    host,
    file: stableHash(path),
  };
  const subject = factSubject(file);
  const stream = jetstream(gateway.connections.nats);
  let [from, last] = [0, 0];
  const publish = async (body: Buffer, part?: string) => {
    const told = headers();
    const attributes: Parameters<typeof factHeaders>[0] = {
      ...{ specversion: '1.0', id: `${session}-${from}`, source: `/watchers/${host}`, time: at(0) },
      ...{ type: 'telltale.file.appended.v1', path, root, generation: 'g1', from, to: from + body.length },
      ...(part === undefined ? {} : { part }),
    };
    for (const [name, value] of factHeaders(attributes)) told.set(name, value);
    from += body.length;
    last = (await stream.publish(subject, body, { headers: told })).seq;
  };
  for (const fact of factsOf(lines)) {
    const count = Math.ceil(fact.length / factBytes);
    for (let part = 0; part < count; part++)
      await publish(
        fact.subarray(part * factBytes, (part + 1) * factBytes),
        count === 1 ? undefined : `${part + 1}/${count}`,
      );
  }
  await eventually(
    async () => {
      const { rows } = await gateway.connections.readModel.query<{ last: number }>(
        'select last_sequence::float8 as last from file_state where path = $1',
        [path],
      );
      expect(rows[0]?.last).toBe(last);
    },
    { timeoutMs: 60_000 },
  );
}

/** Whole lines together, as many as a fact takes; a longer line by itself. */
function* factsOf(lines: Iterable<string>): Generator<Buffer> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for (const text of lines) {
    const line = Buffer.from(text);
    if (bytes > 0 && bytes + line.length > factBytes) {
      yield Buffer.concat(gathered);
      [gathered, bytes] = [[], 0];
    }
    gathered.push(line);
    bytes += line.length;
  }
  if (bytes > 0) yield Buffer.concat(gathered);
}
