import { storableId } from '../reading/text';
import type { JsonObject } from '../reading/values';

/** One record of either store, in the shape of the JSON store's documents. Ids are storable; '' where none is stated. */
export interface Element {
  readonly kind: 'session' | 'message' | 'part' | 'todo';
  readonly id: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly value: JsonObject;
  /** Of a list of todos: what stands in it. */
  readonly list: readonly unknown[];
  /** Of a row: when the store made and changed it, epoch ms. */
  readonly createdAt: number | undefined;
  readonly updatedAt: number | undefined;
}

export type ParsedElement =
  | { readonly kind: 'element'; readonly element: Element }
  /** Blank, gone, or of a kind that says nothing here. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'broken'; readonly reason: string };

export const nothing: ParsedElement = { kind: 'nothing' };

/** It cannot be read. */
export function broken(reason: string): ParsedElement {
  return { kind: 'broken', reason };
}

/** The element that is told of; nothing where it does not say whose it is. */
export function elementOf(said: Partial<Element> & Pick<Element, 'kind'>): ParsedElement {
  const { kind, id = '', sessionId = '', messageId = '', value = {}, list = [] } = said;
  if (sessionId === '' || (id === '' && kind !== 'todo')) return nothing;
  return {
    kind: 'element',
    element: {
      kind,
      id: storableId(id),
      sessionId: storableId(sessionId),
      messageId: storableId(messageId),
      value,
      list,
      createdAt: said.createdAt,
      updatedAt: said.updatedAt,
    },
  };
}
