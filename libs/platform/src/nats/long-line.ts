import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import { factHeaderPrefix, factsStreamName } from '@telltale/contracts';

/** A line that came in parts: `count` facts of `subject`, the first of them at `firstSequence`. */
export interface LongLine {
  readonly subject: string;
  readonly firstSequence: number;
  readonly count: number;
}

/**
 * The parts of a long line as the log holds them, in order: fewer than `count` where one is missing, for what comes
 * next on the subject is another line's. They are consecutive there, because a file's facts are published one after
 * another.
 *
 * @throws what NATS throws where it does not answer
 */
export async function readParts(
  { direct }: Pick<JetStreamManager, 'direct'>,
  { subject, firstSequence, count }: LongLine,
  mostBytes = Infinity,
): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  let generation: string | undefined;
  for (let next = firstSequence; parts.length < count;) {
    const message = await direct.getMessage(factsStreamName, { seq: next, next_by_subj: subject });
    if (message === null || header(message, 'part') !== `${parts.length + 1}/${count}`) break;
    generation ??= header(message, 'generation');
    if (header(message, 'generation') !== generation) break;
    bytes += message.data.length;
    if (bytes > mostBytes) break;
    parts.push(Buffer.from(message.data)); // the client's buffer around it may be three times as long
    next = message.seq + 1;
  }
  return parts;
}

function header(message: StoredMsg, name: string): string {
  return message.header.get(`${factHeaderPrefix}${name}`);
}
