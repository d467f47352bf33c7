import { deletedPathPrefix, factKindOf, parseFactHeaders } from '@telltale/contracts';
import { randomUUID } from 'node:crypto';

/** The last fact of a session's subject, as far as the next one goes on from it. */
export interface PushHead {
  /** 0: there is none. */
  readonly sequence: number;
  readonly factId: string;
  readonly generation: string;
  /** Bytes of the generation up to here. */
  readonly to: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The session was deleted for good: nothing comes behind that. */
  readonly deleted: boolean;
}

/** A new generation on top of `sequence`: where nothing was pushed yet, or what stands there cannot be gone on from. */
export function beginning(sequence = 0): PushHead {
  return { sequence, factId: '', generation: randomUUID(), to: 0, at: 0, deleted: false };
}

/** @param path the session's; two sessions whose hashes are the same share a subject, but no generation */
export function headOf(
  path: string,
  sequence: number,
  lookup: (name: string) => string | undefined,
): PushHead {
  const parsed = parseFactHeaders(lookup);
  if (!parsed.ok) return beginning(sequence);
  const { id, generation, to, time, type } = parsed.attributes;
  const at = Date.parse(time);
  const head = { sequence, factId: id, generation, to, at: Number.isFinite(at) ? at : 0 };
  // The command itself, or ingest's tombstone where it was given by way of another host.
  if (factKindOf(type) === 'session.deleted' && isOf(parsed.attributes.path, path))
    return { ...head, deleted: true };
  return parsed.attributes.path === path ? { ...head, deleted: false } : beginning(sequence);
}

function isOf(named: string, path: string): boolean {
  return named === path || named === deletedPathPrefix + path;
}
