import { parseFactHeaders, type FactAttributes } from '@telltale/contracts';
import { decoderOf } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { linesOf } from '../projecting/file-lines';
import type { Stores } from './erase-picture';
import { deletedOf, type ToldFile } from './pending-files';
import { ToldSessions } from './told-sessions';
import { Verdicts } from './verdicts';
import { wholeFacts } from './whole-facts';

/** What stands for a document's versions once they are erased. */
export interface Rewritten {
  readonly text: string;
  /** Of the newest version. */
  readonly attributes: Pick<FactAttributes, 'path' | 'root'>;
}

/**
 * A list of many sessions, a document, without those that are deleted: what its versions said of living ones. Undefined
 * where no fact tells of both, and for files of another kind: what such a fact says of both stays.
 */
export async function rewritten(
  { nats, pool }: Stores,
  { source }: Pick<ToldFile, 'source'>,
  { subject, upTo }: { readonly subject: string; readonly upTo: number },
): Promise<Rewritten | undefined> {
  const decoder = decoderOf(source);
  if (decoder?.withoutSessions === undefined) return undefined;
  const verdicts = new Verdicts(pool);
  let found: Rewritten | undefined;
  for await (const { fact } of wholeFacts(nats, subject, upTo)) {
    const attributes = placeOf(fact);
    if (attributes === undefined || (await verdicts.of(fact)) !== 'mixed') continue;
    const deleted = await deletedOf(pool, new ToldSessions().of(fact).alone);
    const lines = [...(found ? [found.text] : []), ...[...linesOf(fact.body)].map(({ text }) => text)];
    const text = decoder.withoutSessions(lines, attributes, (session) => deleted.has(session));
    if (text !== undefined) found = { text, attributes };
  }
  return found;
}

/** Whether a fact that tells of deleted and living sessions is a version of a document that was written anew without the deleted ones. */
export function isRewritten({ source }: Pick<ToldFile, 'source'>, fact: FactMessage): boolean {
  const place = placeOf(fact);
  const lines = [...linesOf(fact.body)].map(({ text }) => text);
  return place !== undefined && decoderOf(source)?.withoutSessions?.(lines, place, () => false) !== undefined;
}

function placeOf(fact: FactMessage): Rewritten['attributes'] | undefined {
  const headers = parseFactHeaders((name) => fact.header(name));
  return headers.ok ? { path: headers.attributes.path, root: headers.attributes.root } : undefined;
}
