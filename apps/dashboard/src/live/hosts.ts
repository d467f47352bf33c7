import type { Pipeline } from '@telltale/contracts';

type Watcher = Pipeline['watchers'][number];

/** A host as its watcher last told of it. */
export interface HostState extends Watcher {
  /** Milliseconds since its last sign of life, when the gateway was last asked. */
  readonly silentFor: number;
  /** Of a first reading that is under way, 0–1; null where none is. */
  readonly reading: number | null;
}

/**
 * The hosts, silent ones first: they are what somebody has to look after. The gateway says which are; that no gateway
 * answers any more says nothing of the watchers.
 * @param answeredAt epoch milliseconds of the gateway
 */
export function hostsOf(pipeline: Pipeline | null, answeredAt: number): HostState[] {
  const hosts = (pipeline?.watchers ?? []).map((watcher): HostState => {
    const silentFor = Math.max(0, answeredAt - Date.parse(watcher.lastSeenAt));
    return { ...watcher, silentFor, reading: readingOf(watcher) };
  });
  return hosts.sort((a, b) => Number(b.silent) - Number(a.silent) || (a.host < b.host ? -1 : 1));
}

function readingOf({ backfill: { done, doneBytes, totalBytes } }: Watcher): number | null {
  if (done) return null;
  return totalBytes > 0 ? Math.min(1, doneBytes / totalBytes) : 0;
}
