import type { Observation, ObservationOf } from '../observation';
import type { Item, ItemKind, ItemPart } from './item';

const itemTypes: readonly Observation['type'][] = [
  'assistant',
  'prompt',
  'tool-use',
  'tool-result',
  'error',
  'compaction',
];

/** Whether it is shown in the feed. */
export function isItem(seen: Observation): seen is ItemObservation {
  return itemTypes.includes(seen.type);
}

type ItemObservation = ObservationOf<
  'assistant' | 'prompt' | 'tool-use' | 'tool-result' | 'error' | 'compaction'
>;

/** The item as this one record tells it, counted by nobody yet. */
export function itemOf(seen: ItemObservation): Item {
  const base = {
    key: seen.key,
    sessionId: seen.sessionId,
    counted: false,
    at: seen.at,
    agentId: seen.agentId,
    model: null,
    name: null,
    preview: '',
    input: null,
    isError: false,
    used: true,
    endedAt: null,
    durationMs: null,
  };
  switch (seen.type) {
    case 'assistant':
      return {
        ...base,
        kind: 'assistant',
        model: seen.model,
        preview: seen.preview,
        used: seen.used !== false,
        parts: [partOf(seen, seen.uuid)],
      };
    case 'tool-use':
      return {
        ...base,
        kind: 'tool',
        name: seen.name,
        input: seen.input,
        model: seen.model,
        parts: [{ ...partOf(seen, 'use'), r: 'use' }],
      };
    case 'tool-result':
      return {
        ...base,
        kind: 'tool',
        used: false,
        preview: seen.preview,
        isError: seen.isError,
        endedAt: seen.at > 0 ? seen.at : null,
        durationMs: seen.durationMs,
        parts: [{ ...partOf(seen, 'result'), r: 'result' }],
      };
    case 'error':
      return {
        ...base,
        kind: 'error',
        name: seen.kind,
        preview: seen.message,
        isError: true,
        parts: [partOf(seen, seen.key)],
      };
    default:
      return { ...base, ...plainOf(seen), parts: [partOf(seen, seen.key)] };
  }
}

function plainOf(seen: ObservationOf<'prompt' | 'compaction'>): { kind: ItemKind; preview: string } {
  return seen.type === 'prompt'
    ? { kind: 'prompt', preview: seen.preview }
    : { kind: 'compaction', preview: '' };
}

function partOf(seen: ItemObservation, u: string): ItemPart {
  const { sequence, line, offset } = seen.place;
  const copy = 'copied' in seen && seen.copied ? ({ c: 1 } as const) : {};
  return { u, s: sequence, l: line, o: offset, t: seen.at, ...copy };
}
