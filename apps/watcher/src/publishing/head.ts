import { factKindOf, factsStream, parseFactHeaders, type FactAttributes } from '@telltale/contracts';
import { parseIdentity } from '../tailing/fingerprint';
import { beginning, type Position } from '../tailing/position';

/** The last fact of a subject: its place in the log and what its headers say; undefined where they cannot be read. */
export interface Head {
  readonly subject: string;
  readonly sequence: number;
  readonly attributes: FactAttributes | undefined;
}

export function headOf(
  subject: string,
  sequence: number,
  lookup: (name: string) => string | undefined,
): Head {
  const parsed = parseFactHeaders(lookup);
  return { subject, sequence, attributes: parsed.ok ? parsed.attributes : undefined };
}

/** Where to go on. A removal, a fact of an unknown kind, or one that cannot be read, leads to a new generation behind it. */
export function positionAfter(head: Head | undefined): Position {
  if (!head) return beginning;
  const { sequence, attributes } = head;
  if (!attributes) return { ...beginning, sequence };
  const kind = factKindOf(attributes.type);
  // Where the file tells of other sessions too, it goes on behind the tombstone, which says how far it was published.
  if (kind === 'session.deleted' && attributes.scope === 'file')
    return { ...beginning, sequence, deleted: true };
  if (kind === undefined || kind === 'file.removed')
    return { ...beginning, sequence, removed: kind === 'file.removed' };
  return placeAfter(sequence, attributes);
}

function placeAfter(sequence: number, attributes: FactAttributes): Position {
  const { generation, from, to, part, tail, cursor } = attributes;
  const unfinished = part && part.k < part.n ? { ...part, size: to - from } : undefined;
  const identity = parseIdentity(attributes.identity);
  if (!identity || !tail || (unfinished && !canBePart(unfinished.size))) return { ...beginning, sequence };
  return {
    sequence,
    generation,
    offset: to,
    identity,
    tail,
    part: unfinished,
    cursor,
    removed: false,
    deleted: false,
    unproven: true,
  };
}

/** As much is read at once as the parts before were long: what no watcher wrote may say anything. */
function canBePart(size: number): boolean {
  return size > 0 && size <= factsStream.max_msg_size;
}
