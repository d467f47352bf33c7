import type { Message, MessageKind, Tokens } from '@telltale/contracts';
import type { FullText } from '@telltale/domain';

/** A part of a message in the log: sequence, line, and for tools whether it is the use or the result. */
export interface MessagePart {
  readonly s: number;
  readonly l: number;
  readonly r?: 'use' | 'result';
}

/** A row of the feed as the query gives it. Times are ISO 8601 UTC, `cost` pico-dollars as text. */
export interface MessageRow {
  readonly key: string;
  readonly kind: MessageKind;
  readonly at: Date | null;
  readonly sorted_at: string | null;
  readonly sequence: number | bigint;
  readonly line: number;
  readonly agent_id: string | null;
  readonly model: string | null;
  readonly name: string | null;
  readonly preview: string;
  readonly input: string | null;
  readonly is_error: boolean;
  readonly duration_ms: number | null;
  readonly parts: readonly MessagePart[];
  readonly usage: (Tokens & { readonly costPico: string | null }) | null;
}

export const authors = { prompt: 'user', assistant: 'assistant', tool: 'tool', error: 'system' } as const;

/** The message with its whole text, where that was found, and with its preview where it was not. */
export function toMessage(row: MessageRow, full: FullText): Message {
  return {
    id: row.key,
    author: authors[row.kind],
    kind: row.kind,
    at: row.at?.toISOString() ?? null,
    agentId: row.agent_id,
    model: row.model,
    ...(row.kind === 'tool'
      ? { text: '', preview: '', tool: toolOf(row, full) } // what a tool was told and gave stands in `tool`
      : { text: full.text ?? row.preview, preview: row.preview }),
    ...usageOf(row),
    images: [],
  };
}

function toolOf(row: MessageRow, full: FullText): NonNullable<Message['tool']> {
  const answered = row.parts.some((part) => part.r === 'result');
  return {
    name: row.name ?? 'unknown',
    input: full.input ?? row.input,
    result: answered ? (full.result ?? row.preview) : null,
    isError: row.is_error,
    durationMs: row.duration_ms,
  };
}

function usageOf({ usage }: MessageRow): Pick<Message, 'tokens' | 'costUsd'> {
  if (usage === null) return {};
  const { costPico, ...tokens } = usage;
  return { tokens, costUsd: costPico === null ? null : Number(costPico) / 1e12 };
}
