import type { NatsConnection } from '@nats-io/transport-node';
import { factHeaderPrefix, factsStreamName } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import { messagesBefore } from '../consuming/messages-before';

/** A fact with whole lines; a long line's parts as one. */
export interface WholeFact {
  readonly fact: FactMessage;
  /** Where it lies in the log: one place, or those of its parts. */
  readonly sequences: readonly number[];
}

const partHeader = `${factHeaderPrefix}part`;

/** The facts of a subject before a sequence, in order. A part whose line is not whole stands for itself, and tells nothing. */
export async function* wholeFacts(
  connection: NatsConnection,
  subject: string,
  upTo: number,
): AsyncGenerator<WholeFact> {
  let parts: FactMessage[] = [];
  for await (const fact of messagesBefore(connection, { stream: factsStreamName, subject, upTo })) {
    const [k, n] = (fact.header(partHeader) ?? '').split('/').map(Number);
    const follows = n !== undefined && k === parts.length + 1;
    if (!follows) yield* parts.map(alone);
    parts = follows ? [...parts, fact] : [];
    if (!follows) yield alone(fact);
    else if (k === n) {
      yield joined(parts);
      parts = [];
    }
  }
  yield* parts.map(alone);
}

function alone(fact: FactMessage): WholeFact {
  return { fact, sequences: [fact.sequence] };
}

function joined(parts: readonly FactMessage[]): WholeFact {
  const first = parts[0] as FactMessage;
  const { subject, sequence, time } = first;
  return {
    fact: {
      subject,
      sequence,
      time,
      body: Buffer.concat(parts.map(({ body }) => body)),
      header: (name) => (name === partHeader ? undefined : first.header(name)),
    },
    sequences: parts.map((part) => part.sequence),
  };
}
