import type { Item, ItemPart } from '../projecting/item';
import { isCopy } from '../projecting/item';
import { countedIn, type Sessions } from './other-sessions';
import type { Statement } from './statement';
import { counted, isCurrent, notKept, type Traced } from './traced';

export type ItemFigure = 'messages' | 'prompts' | 'toolCalls' | 'toolErrors' | 'errors';
type ItemStatement = Extract<Statement, { readonly type: 'item' }>;

/** A claim of the session that is asked about. */
export type ClaimedItem = Pick<Item, 'key' | 'kind' | 'counted' | 'used' | 'isError' | 'at' | 'parts'>;

export interface ItemTrace {
  readonly sessionId: string;
  readonly statements: readonly Statement[];
  readonly items: readonly ClaimedItem[];
  /** By key: the sessions that own what does not count in this one. */
  readonly owners: ReadonlyMap<string, string>;
  readonly sessions: Sessions;
}

interface Rule {
  /** Items that the figure is made of. */
  readonly kinds: readonly Item['kind'][];
  /** Records that tell of one. */
  readonly told: readonly ItemStatement['kind'][];
  /** Of a tool's two parts the one that tells it. */
  readonly role?: ItemPart['r'];
  readonly again: string;
}

const rules: Readonly<Record<ItemFigure, Rule>> = {
  messages: {
    kinds: ['prompt', 'assistant'],
    told: ['prompt', 'assistant'],
    again: 'tells of a message that is counted once',
  },
  prompts: { kinds: ['prompt'], told: ['prompt'], again: 'repeats a prompt that is counted once' },
  toolCalls: { kinds: ['tool'], told: ['use'], role: 'use', again: 'repeats a call that is counted once' },
  toolErrors: {
    kinds: ['tool'],
    told: ['result'],
    role: 'result',
    again: 'repeats a result that is counted once',
  },
  errors: { kinds: ['error'], told: ['error'], again: 'repeats an error that is counted once' },
};

/** Every record of the session that tells of one of these things; each thing counts by one of them. */
export function traceItems(trace: ItemTrace, figure: ItemFigure): Traced[] {
  const rule = rules[figure];
  const byKey = Map.groupBy(
    trace.statements.filter((one): one is ItemStatement => tells(one, rule, figure)),
    ({ key }) => key,
  );
  const traced = trace.items
    .filter((item) => rule.kinds.includes(item.kind) && (figure !== 'toolErrors' || item.isError))
    .flatMap((item) => {
      const told = byKey.get(item.key) ?? [];
      byKey.delete(item.key);
      return traceItem(item, told, { rule, verdict: verdictOn(item, trace) });
    });
  const rest = [...byKey.values()].flat();
  return [...traced, ...rest.map((one) => tracedAs(one, restVerdict(one, trace, figure)))];
}

function tells(one: Statement, { told }: Rule, figure: ItemFigure): boolean {
  if (one.type !== 'item' || !told.includes(one.kind)) return false;
  return figure !== 'toolErrors' || one.isError;
}

function traceItem(
  item: ClaimedItem,
  told: readonly ItemStatement[],
  { rule, verdict }: { rule: Rule; verdict: string },
): Traced[] {
  const part = rule.role === undefined ? item.parts[0] : item.parts.find(({ r }) => r === rule.role);
  const chosen = choose(told, part);
  const others = told
    .filter((one) => one !== chosen)
    .map((one) => tracedAs(one, verdict === counted ? rule.again : verdict));
  if (chosen !== undefined) return [tracedAs(chosen, verdict), ...others];
  if (part === undefined) return others; // only its result is known: there is no record that could count
  const place = { sequence: part.s, line: part.l };
  const known = { value: 1, verdict, record: recordOf(item.key, part.u), at: item.at, priceVersion: null };
  return [{ ...known, statement: null, place }, ...others];
}

/** The record that the item is known by: the message's own before a text that came apart from it. */
function choose(told: readonly ItemStatement[], part: ItemPart | undefined): ItemStatement | undefined {
  const own = told.filter(({ used }) => used);
  const all = own.length > 0 ? own : told;
  const same = all.filter((one) => one.part === part?.u);
  const isThere = ({ where }: ItemStatement) =>
    where.place.sequence === part?.s && where.place.line === part.l;
  return (
    same.find((one) => isCurrent(one) && isThere(one)) ??
    same.find(isCurrent) ??
    all.find(isCurrent) ??
    all[0]
  );
}

function verdictOn(item: ClaimedItem, { owners, sessions, sessionId }: ItemTrace): string {
  if (!item.used)
    return item.kind === 'tool'
      ? 'not counted: its call is not known'
      : 'not counted: its message is not known';
  if (item.counted) return counted;
  if (isCopy({ parts: item.parts } as Item)) return 'a copy that a fork made: it counts where it happened';
  const owner = owners.get(item.key);
  return owner === undefined ? notKept : countedIn(owner, sessionId, sessions);
}

/** Of records whose item is none of this figure's. */
function restVerdict({ key }: ItemStatement, { items }: ItemTrace, figure: ItemFigure): string {
  if (figure !== 'toolErrors' || !items.some((item) => item.key === key)) return notKept;
  return 'superseded by an earlier result of the same call';
}

function tracedAs(statement: ItemStatement, verdict: string): Traced {
  const { at, key, part } = statement;
  return { value: 1, verdict, record: recordOf(key, part), at, priceVersion: null, statement, place: null };
}

/** A record of a message has an id of its own; of other things it is theirs. */
function recordOf(key: string, part: string | undefined): string {
  const own = part === undefined || part === 'use' || part === 'result' || part === key;
  return own ? key.slice(key.indexOf(':') + 1) : part;
}
