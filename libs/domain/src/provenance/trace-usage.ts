import type { Tokens } from '@telltale/contracts';
import { compareRows } from '../counting';
import type { UsageRow } from '../observation';
import { priceOf } from '../pricing';
import { candidateSlot, type StoredUsage } from '../projecting/usage-candidate';
import { countedIn, type Sessions } from './other-sessions';
import type { Statement } from './statement';
import { counted, isCurrent, notKept, type Traced } from './traced';

export type UsageFigure = `tokens.${keyof Tokens}` | 'costUsd' | 'reportedCostUsd';
type UsageStatement = Extract<Statement, { readonly type: 'usage' }>;

export interface UsageTrace {
  readonly sessionId: string;
  readonly statements: readonly Statement[];
  /** All candidates of every message that stands in the session or counts for it. */
  readonly rows: readonly StoredUsage[];
  readonly sessions: Sessions;
}

/** A row with what was decided about it. */
interface Judged {
  readonly row: UsageRow;
  /** The stored row, where this is the record that it came from. */
  readonly stored: StoredUsage | undefined;
  readonly statement: UsageStatement | null;
  readonly verdict: string;
}

/** Every record of the session that states usage, and every row of another that counts for it. */
export function judgeUsage(trace: UsageTrace): Judged[] {
  const { sessionId, statements, rows } = trace;
  const bySlot = new Map<string, UsageStatement[]>();
  for (const one of statements) {
    if (one.type !== 'usage') continue;
    const slot = candidateSlot({
      messageKey: one.messageKey,
      sessionId,
      row: one.row,
      place: one.where.place,
    });
    const known = bySlot.get(slot);
    if (known === undefined) bySlot.set(slot, [one]);
    else known.push(one);
  }
  const byMessage = Map.groupBy(rows, ({ messageKey }) => messageKey);
  const judged: Judged[] = [];
  for (const stored of rows) {
    if (stored.sessionId !== sessionId && stored.owner !== sessionId) continue;
    const slot = candidateSlot(stored);
    const verdict = verdictOn(stored, byMessage.get(stored.messageKey) ?? [], trace);
    judged.push(...judgeSlot(stored, bySlot.get(slot) ?? [], verdict));
    bySlot.delete(slot);
  }
  const unknown = [...bySlot.values()].flat();
  return [...judged, ...unknown.map((statement) => ({ ...rowOf(statement), verdict: notKept }))];
}

/** Of the records in one slot one is the row that is stored: if it does not count, neither do the others. */
function judgeSlot(stored: StoredUsage, statements: readonly UsageStatement[], verdict: string): Judged[] {
  const same = statements.filter(({ row }) => compareRows(row, stored.row) === 0);
  const chosen =
    same.find((one) => isCurrent(one) && isAt(one, stored)) ?? same.find(isCurrent) ?? same[0] ?? null;
  const others = statements.filter((one) => one !== chosen);
  return [
    { row: stored.row, stored, statement: chosen, verdict },
    ...others.map((one) => ({
      ...rowOf(one),
      verdict: verdict === counted ? lostTo(one.row, stored.row) : verdict,
    })),
  ];
}

function rowOf(statement: UsageStatement): Pick<Judged, 'row' | 'stored' | 'statement'> {
  return { row: statement.row, stored: undefined, statement };
}

function isAt({ where }: UsageStatement, { place }: StoredUsage): boolean {
  return where.place.sequence === place.sequence && where.place.line === place.line;
}

function verdictOn(stored: StoredUsage, candidates: readonly StoredUsage[], trace: UsageTrace): string {
  const { sessionId, sessions } = trace;
  if (stored.owner === sessionId) return counted;
  const winners = candidates.filter(({ owner }) => owner !== null);
  const owner = winners[0]?.owner ?? null;
  if (owner === null) return notKept;
  if (owner !== sessionId) return countedIn(owner, sessionId, sessions);
  const { row } = stored;
  const winner = winners.find((one) => one.row.requestId === row.requestId) ?? winners[0];
  return winner === undefined ? notKept : lostTo(row, winner.row);
}

/** Why a row does not count beside another of its message: counting rule 2, in words. */
export function lostTo(row: UsageRow, winner: UsageRow): string {
  const which = winner.at > row.at ? 'a later row' : 'another row';
  if (row.sidechain && !winner.sidechain) return "superseded by the main agent's row of the same message";
  if (winner.tokens.total > row.tokens.total)
    return `superseded by ${which} of the same message, which states more tokens`;
  if (row.speed === null && winner.speed !== null)
    return `superseded by ${which} of the same message, which states its speed`;
  return 'repeats a row of the same message, which counts once';
}

/**
 * What each record adds to one figure. Records that state nothing of a class of tokens are left out of its list.
 *
 * @param whole the tool's own price of the whole session is known: what it says of single messages does not count
 */
export function traceUsage(judged: readonly Judged[], figure: UsageFigure, whole: boolean): Traced[] {
  return judged.flatMap((one) => {
    const { row, stored, statement } = one;
    const added = addedTo(figure, one, whole);
    if (added === undefined) return [];
    const { sequence, line } = stored?.place ?? { sequence: 0, line: 0 };
    const place = stored === undefined ? null : { sequence, line };
    return [{ ...added, record: row.uuid, at: row.at, statement, place }];
  });
}

type Added = Pick<Traced, 'value' | 'verdict' | 'priceVersion'>;

function addedTo(figure: UsageFigure, judged: Judged, whole: boolean): Added | undefined {
  const { row, verdict } = judged;
  if (figure === 'costUsd') return costOf(judged);
  if (figure === 'reportedCostUsd') {
    if (row.reportedPico === undefined) return undefined;
    const value = usd(row.reportedPico);
    return { value, verdict: whole ? wholeCounts(verdict) : verdict, priceVersion: null };
  }
  const value = row.tokens[figure.slice('tokens.'.length) as keyof Tokens];
  return value === 0 && figure !== 'tokens.total' ? undefined : { value, verdict, priceVersion: null };
}

function wholeCounts(verdict: string): string {
  return verdict === counted ? 'not counted: the tool states the whole session’s cost itself' : verdict;
}

function costOf({ row, stored, verdict }: Judged): Added {
  const isPriced = stored !== undefined && stored.priceVersion !== null;
  const pico = isPriced ? stored.costPico : (priceOf(row).pico ?? null);
  const priceVersion = isPriced ? stored.priceVersion : null;
  if (pico !== null) return { value: usd(pico), verdict, priceVersion };
  return {
    value: 0,
    verdict: verdict === counted ? `no price for model ${row.model}` : verdict,
    priceVersion,
  };
}

/** Whole pico-dollars come out again where this is multiplied by 1e12 and rounded, up to a thousand dollars a record. */
function usd(pico: bigint): number {
  return Number(pico) / 1e12;
}
