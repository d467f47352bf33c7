import { jetstreamManager } from '@nats-io/jetstream';
import { factsStreamName } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import { erase } from './erase';
import { erasePicture, type Stores } from './erase-picture';
import { isDeletedOnes, type ToldFile } from './pending-files';
import { isRewritten } from './rewritten';
import { subjectOf } from './tombstones';
import { isCommand, kindOf, Verdicts, type Verdict } from './verdicts';
import { wholeFacts } from './whole-facts';

/** Facts of one file that are erased in a row: a long session's keep no other waiting. */
export const mostInARow = 400;

interface Erased {
  readonly erased: number;
  /** Facts that stay although they tell of a deleted session: they tell of a living one too. */
  readonly kept: number;
  /** Nothing is left to do. */
  readonly done: boolean;
}

/**
 * Erases what lies before a file's tombstone: all of it, or where the file told of living sessions too, what told of
 * deleted ones. Begun again, it goes on with what is left.
 *
 * @throws the signal's reason; what a server throws that is away
 */
export async function eraseFile(stores: Stores, file: ToldFile, signal: AbortSignal): Promise<Erased> {
  const { tombstone, host, deleted } = file;
  if (tombstone === null || deleted.length === 0) return { erased: 0, kept: 0, done: true };
  const manager = await jetstreamManager(stores.nats, { checkAPI: false });
  const judge = judgeOf(stores, file);
  let [erased, kept] = [0, 0];
  for await (const { fact, sequences } of wholeFacts(stores.nats, subjectOf(file), tombstone)) {
    signal.throwIfAborted();
    // Where some stay they would be judged again and again.
    if (erased >= mostInARow && isDeletedOnes(file)) return { erased, kept, done: false };
    const verdict = await judge(fact);
    if (verdict === 'mixed') kept += sequences.length;
    if (verdict !== 'erase') continue;
    if (kindOf(fact) === 'attachment.added') await erasePicture(stores, host, fact);
    for (const sequence of sequences) await erase(manager, factsStreamName, sequence);
    erased += sequences.length;
  }
  return { erased, kept, done: true };
}

function judgeOf({ pool }: Stores, file: ToldFile): (fact: FactMessage) => Promise<Verdict> {
  if (isDeletedOnes(file)) return async (fact) => (isCommand(fact) ? 'keep' : 'erase');
  const verdicts = new Verdicts(pool);
  return async (fact) => {
    const verdict = await verdicts.of(fact);
    // What it says of living sessions was said again before the tombstone.
    return verdict === 'mixed' && isRewritten(file, fact) ? 'erase' : verdict;
  };
}
