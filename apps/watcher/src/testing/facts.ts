import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { factsStreamName, parseFactHeaders, type FactAttributes } from '@telltale/contracts';

export interface ReadFact {
  readonly subject: string;
  readonly sequence: number;
  readonly attributes: FactAttributes;
  readonly body: Buffer;
}

/** Every fact in the log, in its order. */
export async function allFacts(connection: NatsConnection): Promise<ReadFact[]> {
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info(factsStreamName);
  if (state.messages === 0) return [];
  const consumer = await jetstream(connection).consumers.get(factsStreamName);
  const facts: ReadFact[] = [];
  const messages = await consumer.consume({ max_messages: 50 });
  for await (const message of messages) {
    const parsed = parseFactHeaders((name) => message.headers?.get(name));
    if (!parsed.ok) throw new Error(parsed.reason);
    facts.push({
      subject: message.subject,
      sequence: message.seq,
      attributes: parsed.attributes,
      body: Buffer.from(message.data),
    });
    if (message.info.pending === 0) break;
  }
  return facts;
}

/** The generations of one file, oldest first, each put together from its facts. */
export interface Generation {
  readonly id: string;
  readonly content: Buffer;
  readonly facts: readonly ReadFact[];
}

/** @throws where byte ranges of a generation leave a gap, overlap, or do not fit their bodies */
export function generationsOf(facts: readonly ReadFact[], path: string): Generation[] {
  const byId = new Map<string, ReadFact[]>();
  for (const fact of facts) {
    if (fact.attributes.path !== path || fact.attributes.type !== 'telltale.file.appended.v1') continue;
    const { generation } = fact.attributes;
    byId.set(generation, [...(byId.get(generation) ?? []), fact]);
  }
  return [...byId].map(([id, ofOne]) => ({ id, facts: ofOne, content: joined(ofOne) }));
}

function joined(facts: readonly ReadFact[]): Buffer {
  let offset = 0;
  for (const { attributes, body, sequence } of facts) {
    const { from, to, path } = attributes;
    if (from !== offset || to - from !== body.length) {
      throw new Error(
        `${path}: fact ${sequence} says ${from}–${to} with ${body.length} bytes, after ${offset}`,
      );
    }
    offset = to;
  }
  return Buffer.concat(facts.map(({ body }) => body));
}
