import type { Message } from '@telltale/contracts';
import type { Columns } from './columns';

/** A message as a row of CSV, with its whole text, or what its tool was told and gave. */
export const messageColumns: Columns<Message> = [
  ['id', (m) => m.id],
  ['at', (m) => m.at],
  ['author', (m) => m.author],
  ['kind', (m) => m.kind],
  ['agentId', (m) => m.agentId],
  ['model', (m) => m.model],
  ['text', (m) => m.text],
  ['toolName', (m) => m.tool?.name],
  ['toolInput', (m) => m.tool?.input],
  ['toolResult', (m) => m.tool?.result],
  ['toolIsError', (m) => m.tool?.isError],
  ['toolDurationMs', (m) => m.tool?.durationMs],
  ['inputTokens', (m) => m.tokens?.input],
  ['outputTokens', (m) => m.tokens?.output],
  ['cacheWrite5mTokens', (m) => m.tokens?.cacheWrite5m],
  ['cacheWrite1hTokens', (m) => m.tokens?.cacheWrite1h],
  ['cacheReadTokens', (m) => m.tokens?.cacheRead],
  ['reasoningTokens', (m) => m.tokens?.reasoning],
  ['totalTokens', (m) => m.tokens?.total],
  ['costUsd', (m) => m.costUsd],
];
