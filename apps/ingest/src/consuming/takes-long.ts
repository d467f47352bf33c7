import { factHeaderPrefix, factKindOf } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';

/** A backlog's batches are large enough by themselves, and would keep live ones waiting. */
const mostGroupedBytes = 128 * 1024;

/**
 * Whether these facts are not projected together with others': also not where more is read from the log for them, the
 * parts of a long line or the bytes of a picture.
 */
export function takesLong(facts: readonly FactMessage[]): boolean {
  const bytes = facts.reduce((sum, { body }) => sum + body.length, 0);
  return bytes > mostGroupedBytes || facts.some(readsMore);
}

function readsMore(fact: FactMessage): boolean {
  if (fact.header(`${factHeaderPrefix}part`) !== undefined) return true;
  return factKindOf(fact.header(`${factHeaderPrefix}type`) ?? '') === 'attachment.added';
}
