import { Increments, type CountedUsage } from '../projecting/increments';
import type { Item } from '../projecting/item';
import { emptyAgent, noUsage, type SessionState } from '../projecting/session-state';
import { addTally } from '../projecting/sums';
import { Prefixes, type Timed } from './prefixes';

/** What of an item counts: all that a replay needs of it. */
export type CountedItem = Pick<
  Item,
  'kind' | 'at' | 'agentId' | 'model' | 'name' | 'isError' | 'endedAt' | 'durationMs'
>;

/** What adds to the sums at one time: a call of a tool first, then, when its result is there, what that says of it. */
export interface Counted extends Timed {
  readonly item?: Item;
  /** In whose place the item counts from now on. */
  readonly instead?: Item;
  readonly usage?: CountedUsage;
}

/**
 * A session's sums as of any time: what counts now, each at its own time. So they never fall as time goes on, and at
 * the end they are what they are now.
 */
export function figuresOverTime(
  start: SessionState,
  items: readonly CountedItem[],
  usage: readonly CountedUsage[],
): Prefixes<Counted, SessionState> {
  const counted: Counted[] = [
    ...items.flatMap((item) => countedItem(start.id, item)),
    ...usage.map((one) => ({ at: one.at, usage: one })),
  ].sort((a, b) => a.at - b.at);
  return new Prefixes<Counted, SessionState>(counted, start, addCounted, 512);
}

function countedItem(sessionId: string, item: CountedItem): Counted[] {
  const whole: Item = {
    ...item,
    sessionId,
    key: '',
    counted: true,
    used: true,
    preview: '',
    input: null,
    parts: [],
  };
  const { at, endedAt } = item;
  if (item.kind !== 'tool' || endedAt === null || endedAt <= at) return [{ at, item: whole }];
  const called: Item = { ...whole, isError: false, endedAt: null, durationMs: null };
  return [
    { at, item: called },
    { at: endedAt, item: whole, instead: called },
  ];
}

function addCounted(state: SessionState, counted: readonly Counted[]): SessionState {
  const increments = new Increments();
  for (const { item, instead, usage } of counted) {
    if (instead !== undefined) increments.item(instead, -1);
    if (item !== undefined) increments.item(item, 1);
    if (usage !== undefined) increments.usage(usage, 1);
  }
  const tally = increments.sessions.get(state.id);
  return tally === undefined ? state : addTally(state, tally, { usage: noUsage, agent: emptyAgent });
}
