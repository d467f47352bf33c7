import { stableHash } from '@telltale/contracts';
import type { DecoderState } from '../decoder';

/** What the decoder remembers of a pushed session from line to line. JSON, small, bounded. */
export type PushState = {
  /** Values already told; they are told again when they change. */
  readonly told: { readonly [register: string]: string | boolean };
  /** A line was read: the session has begun. */
  readonly begun: boolean;
  /** How it ended; null while it goes on. */
  readonly ended: 'completed' | 'failed' | null;
  /** The announced one: of messages that name none. */
  readonly model: string | null;
  /** Hashes of the newest keys, oldest first: what comes with one of them was said before. */
  readonly keys: readonly string[];
};

/**
 * How many keys are remembered. A retry follows its first try closely. A later one still counts once, because items
 * and usage go by their keys; it only looks like activity.
 */
export const rememberedKeys = 128;

/** Of a session of which no line was read. */
export function initialPushState(): PushState {
  return { told: {}, begun: false, ended: null, model: null, keys: [] };
}

/** The state was made by {@link initialPushState} under the same decoder version, so its shape is known. */
export function asPushState(stored: DecoderState): PushState {
  return stored as PushState;
}

/** Undefined where the key was seen before, lately. */
export function withKey(state: PushState, key: string): PushState | undefined {
  const hash = stableHash(key);
  if (state.keys.includes(hash)) return undefined;
  return { ...state, keys: [...state.keys, hash].slice(-rememberedKeys) };
}
