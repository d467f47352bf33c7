import type { SessionChanges } from '@telltale/contracts';
import { byId } from './apply-changes';
import { definedOnly } from './defined-only';

/**
 * What two changes of one session, one after the other, come to: applied once it does what both do. Values are
 * absolute, so the later one holds; of what was added, the later of each id. Applied again, or to a state that lies
 * between the two, it comes to the same.
 *
 * Undefined where one change cannot say it: something happened to a session after it was deleted.
 */
export function mergeChanges(first: SessionChanges, second: SessionChanges): SessionChanges | undefined {
  if (second.deleted) return second;
  if (first.deleted) return undefined;
  return {
    ...definedOnly(first),
    ...definedOnly(second),
    ...added('messages', first.messages, second.messages),
    ...added('screenshots', first.screenshots, second.screenshots),
    ...added('alerts', first.alerts, second.alerts),
  };
}

function added<K extends string, T extends { readonly id: string }>(
  name: K,
  first: readonly T[] | undefined,
  second: readonly T[] | undefined,
): { [P in K]?: T[] } {
  // Where only one of the two names any, that one stands already.
  return first && second ? ({ [name]: byId(first, second) } as { [P in K]: T[] }) : {};
}
