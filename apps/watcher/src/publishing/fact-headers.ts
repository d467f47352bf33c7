import { randomUUID } from 'node:crypto';
import { factHeaders, subjectToken, type FactType } from '@telltale/contracts';
import { formatIdentity } from '../tailing/fingerprint';
import type { FreshBytes } from '../tailing/reading';
import type { TrackedFile } from '../tailing/tracked-file';

export interface FactEnvelope {
  /** Random: tells our fact from another watcher's where the answer to it got lost. */
  readonly id: string;
  readonly headers: [string, string][];
}

/** @param seen epoch milliseconds with fraction at which the bytes were seen */
export function appendedEnvelope(
  host: string,
  file: TrackedFile,
  reading: FreshBytes & { readonly redacted: number },
  seen: number,
): FactEnvelope {
  const { part } = reading;
  return envelope(reading.type ?? 'telltale.file.appended.v1', host, file, {
    generation: reading.generation,
    from: reading.from,
    to: reading.to,
    ...(part ? { part: `${part.k}/${part.n}` } : {}),
    identity: formatIdentity(reading.identity),
    tail: reading.tail,
    ...(reading.cursor === undefined ? {} : { cursor: reading.cursor }),
    ...(reading.redacted === 0 ? {} : { redacted: reading.redacted }),
    seen,
  });
}

export function removedEnvelope(host: string, file: TrackedFile, seen: number): FactEnvelope {
  const { generation, offset } = file.position;
  return envelope('telltale.file.removed.v1', host, file, {
    generation: generation ?? 'none',
    from: offset,
    to: offset,
    seen,
  });
}

type Place = Pick<
  Parameters<typeof factHeaders>[0],
  'generation' | 'from' | 'to' | 'part' | 'identity' | 'tail' | 'cursor' | 'redacted'
> & { seen: number };

function envelope(type: FactType, host: string, file: TrackedFile, place: Place): FactEnvelope {
  const id = randomUUID();
  const headers = factHeaders({
    specversion: '1.0',
    id,
    source: `/watchers/${subjectToken(host)}`,
    type,
    time: new Date(place.seen).toISOString(),
    path: file.path,
    root: file.root,
    ...place,
  });
  return { id, headers };
}
