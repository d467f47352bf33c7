import { factHeaderPrefix, factKindOf, parseFactSubject } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import type { Pool } from 'pg';
import { deletedOf } from './pending-files';
import { ToldSessions } from './told-sessions';

/** `mixed`: the same fact tells of deleted and of living sessions. */
export type Verdict = 'erase' | 'mixed' | 'keep';

export function kindOf(fact: FactMessage): string | undefined {
  return factKindOf(fact.header(`${factHeaderPrefix}type`) ?? '');
}

/** What tells every later read model that a session is deleted. It holds nothing of it, and stays for ever. */
export function isCommand(fact: FactMessage): boolean {
  const isOfGateway = parseFactSubject(fact.subject)?.source === 'push';
  return (
    isOfGateway && kindOf(fact) === 'session.deleted' && fact.header(`${factHeaderPrefix}scope`) === undefined
  );
}

/** Judges the facts of a file that tells of several sessions, in order. */
export class Verdicts {
  private readonly told = new ToldSessions();

  constructor(private readonly pool: Pool) {}

  async of(fact: FactMessage): Promise<Verdict> {
    if (kindOf(fact) === 'session.deleted') return isCommand(fact) ? 'keep' : 'erase'; // the last one says it all
    const { alone, inOrder } = this.told.of(fact);
    const deleted = await deletedOf(this.pool, [...alone, ...inOrder]);
    const isDeleted = (session: string) => deleted.has(session);
    if ([alone, inOrder].some((sessions) => sessions.length > 0 && sessions.every(isDeleted))) return 'erase';
    return alone.some(isDeleted) ? 'mixed' : 'keep';
  }
}
