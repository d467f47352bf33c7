import {
  sessionStatNames,
  statTypes,
  type Message,
  type NewMessageFrame,
  type StatFrame,
  type Stats,
  type StatType,
} from '@telltale/contracts';

/** The four figures of the stat cards; cost in US dollars, 0 where nothing could be priced. */
export type StatValues = Readonly<Record<StatType, number>>;

export function statValues({ messages, toolCalls, tokens, costUsd }: Stats): StatValues {
  return { messages, tools: toolCalls, tokens: tokens.total, cost: costUsd ?? 0 };
}

/** `262`, `18`, `45K`, `$0.45`; thousands and millions are floored. */
export function formattedStat(type: StatType, value: number): string {
  if (type === 'cost') return `$${value.toFixed(2)}`;
  if (value >= 1_000_000) return `${Math.floor(value / 1_000_000)}M`;
  if (value >= 1000) return `${Math.floor(value / 1000)}K`;
  return String(value);
}

export interface StatsAbout {
  readonly sessionId: string;
  readonly at: string;
  /** Of a session's own socket each figure has a name of its own. */
  readonly names: 'stat_update' | 'own';
}

/** The figures that differ from what was told last; all of them where nothing was told. */
export function statFrames(before: StatValues | undefined, now: StatValues, about: StatsAbout): StatFrame[] {
  return statTypes
    .filter((type) => before?.[type] !== now[type])
    .map((type) => ({
      type: about.names === 'own' ? sessionStatNames[type] : 'stat_update',
      stat_type: type,
      session_id: about.sessionId,
      timestamp: about.at,
      update: change(type, before?.[type] ?? now[type], now[type]),
    }));
}

function change(type: StatType, before: number, now: number): StatFrame['update'] {
  // Dollars have at most 12 places: what a subtraction adds behind them is noise.
  const delta = Number((now - before).toFixed(12));
  return {
    new_value: now,
    formatted_value: formattedStat(type, now),
    delta,
    animation: delta > 0 ? 'increment' : 'none',
  };
}

/** What of a message these clients show. */
export type ShownMessage = Pick<Message, 'id' | 'author' | 'at' | 'preview' | 'tool'>;

/** Undefined as long as there is nothing to show: an answer's first records may hold no text yet. */
export function newMessageFrame(
  sessionId: string,
  { id, author, at, preview, tool }: ShownMessage,
  now: string,
): NewMessageFrame | undefined {
  const text = tool ? (tool.input ?? '') : preview;
  if (text === '' && !tool) return undefined;
  const used = tool ? { tool_used: tool.name } : {};
  return {
    type: 'new_message',
    session_id: sessionId,
    message: { uuid: id, author, timestamp: at ?? now, preview: text, ...used },
  };
}
