import type { FactKind } from '@telltale/contracts';
import type { Observation, Place, UsageRow } from '../observation';

/** Where a record stands, for all that it states. */
export interface Whereabouts {
  readonly place: Place;
  /** Of its line, without the newline; null where its end is not known. */
  readonly bytes: number | null;
  readonly kind: FactKind;
  readonly generation: string;
  /** Names the row or the element of a document that the line holds. */
  readonly element?: string;
  /** `generation`: the file's present one. */
  readonly file: { readonly host: string; readonly path: string; readonly generation: string };
}

/** What a record states that could count. */
export type Stated =
  | { readonly type: 'usage'; readonly messageKey: string; readonly row: UsageRow }
  | {
      readonly type: 'item';
      readonly kind: 'prompt' | 'assistant' | 'error' | 'use' | 'result';
      readonly key: string;
      /** The record's own key within the item. */
      readonly part: string;
      /** False: a text that is told apart from its message. */
      readonly used: boolean;
      readonly isError: boolean;
    }
  /** The tool's own price of the whole session, pico-dollars as text. */
  | { readonly type: 'price'; readonly value: string; readonly stamp: Stamp }
  | { readonly type: 'screenshot'; readonly filename: string; readonly sha256: string; readonly stamp: Stamp }
  | { readonly type: 'todos'; readonly count: number; readonly stamp: Stamp }
  | { readonly type: 'task'; readonly id: string; readonly text: string | null; readonly stamp: Stamp };

export interface Stamp {
  readonly at: number;
  readonly offset: number;
}

export type Statement = Stated & {
  /** Epoch ms, no later than the log's own clock. */
  readonly at: number;
  /** Which of the things it is that its line says. */
  readonly n: number;
  readonly where: Whereabouts;
};

/** What an observation states. @param clock the broker's time of its fact, epoch ms */
export function statedBy(observation: Observation, clock: number): Stated[] {
  switch (observation.type) {
    case 'usage': {
      const { messageKey, row } = observation;
      return [{ type: 'usage', messageKey, row: { ...row, at: earlierOf(observation.at, clock) } }];
    }
    case 'prompt':
    case 'error':
      return [
        {
          type: 'item',
          kind: observation.type,
          key: observation.key,
          part: observation.key,
          used: true,
          isError: false,
        },
      ];
    case 'assistant': {
      const { key, uuid, used } = observation;
      return [{ type: 'item', kind: 'assistant', key, part: uuid, used: used !== false, isError: false }];
    }
    case 'tool-use':
      return [{ type: 'item', kind: 'use', key: observation.key, part: 'use', used: true, isError: false }];
    case 'tool-result': {
      const { key, isError } = observation;
      return [{ type: 'item', kind: 'result', key, part: 'result', used: true, isError }];
    }
    default:
      return saidBy(observation, clock);
  }
}

/** Of what the last one stands. */
function saidBy(observation: Observation, clock: number): Stated[] {
  const stamp = { at: earlierOf(observation.at, clock), offset: observation.place.offset };
  switch (observation.type) {
    case 'screenshot': {
      const { filename, sha256 } = observation.picture;
      return [{ type: 'screenshot', filename, sha256, stamp }];
    }
    case 'objective':
      return [{ type: 'task', id: observation.id, text: observation.text, stamp }];
    case 'registers': {
      const { reportedCostPico: price, todoList: list } = observation.registers;
      const stampOf = ({ at, offset }: Stamp): Stamp => ({ at: earlierOf(at, clock), offset });
      return [
        ...(price === undefined
          ? []
          : [{ type: 'price' as const, value: price.value, stamp: stampOf(price) }]),
        ...(list === undefined
          ? []
          : [{ type: 'todos' as const, count: list.value.length, stamp: stampOf(list) }]),
      ];
    }
    default:
      return [];
  }
}

function earlierOf(at: number, clock: number): number {
  return Math.min(at, Math.floor(clock));
}
