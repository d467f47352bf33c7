import type { Message, Screenshot, Session, SessionChanges } from '@telltale/contracts';
import { definedOnly } from './defined-only';

/**
 * A session after a delta: absolute values replace, what is not named stays. Screenshots are those that were added
 * or changed. Messages are too; they belong to the feed, and alerts to their list.
 */
export function applyToSession(session: Session, changes: SessionChanges): Session {
  const { messages: _messages, alerts: _alerts, deleted: _deleted, screenshots, ...fields } = changes;
  return {
    ...session,
    ...definedOnly(fields),
    screenshots: withScreenshots(session.screenshots, screenshots ?? []),
  };
}

/** A feed after a delta: by id, the newer of two in the place of the older. */
export function applyToMessages(known: readonly Message[], changes: SessionChanges): readonly Message[] {
  const { messages = [] } = changes;
  return messages.length === 0 ? known : byId(known, messages);
}

/** The newer of two of one id, in the older's place; the others behind. */
export function byId<T extends { readonly id: string }>(known: readonly T[], news: readonly T[]): T[] {
  return [...new Map([...known, ...news].map((each) => [each.id, each])).values()];
}

/** In the order in which they were taken: as the snapshot gives them. */
function withScreenshots(known: Screenshot[], news: readonly Screenshot[]): Screenshot[] {
  if (news.length === 0) return known;
  return byId(known, news).sort((a, b) => compare(a.at ?? '', b.at ?? '') || compare(a.filename, b.filename));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
