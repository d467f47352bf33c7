import { subjectToken } from '@telltale/contracts';

/** Answers go to an inbox of one's own: with the common one, whoever may ask could hear what others are answered. */
export const inboxPrefixes = {
  ingest: '_INBOX_ingest',
  gateway: '_INBOX_gateway',
  watcher: (host: string) => `_INBOX_${subjectToken(host)}`,
} as const;
