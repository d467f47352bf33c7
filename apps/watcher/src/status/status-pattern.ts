import { subjectToken } from '@telltale/contracts';

/** Nest's NATS request pattern: the watcher of a host answers with its status. */
export function watcherStatusPattern(host: string): string {
  return `telltale.requests.watcher.${subjectToken(host)}.status`;
}
