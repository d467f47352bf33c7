import { subjectToken } from '@telltale/contracts';

/** Answers to a watcher come to inboxes of its own: NATS permissions can keep each host's apart. */
export function watcherInboxPrefix(host: string): string {
  return `_INBOX_${subjectToken(host)}`;
}
