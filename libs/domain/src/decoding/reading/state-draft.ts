import type { DecoderState } from '../decoder';

/**
 * A line's changes to what is remembered of its file, kept apart until the line is known to be good: a line that fails
 * changes nothing. The state was made by the same decoder's `initialState` under the same version, so its shape is known.
 */
export class StateDraft<State extends DecoderState> {
  private readonly changes: Partial<State> = {};
  private readonly base: State;

  constructor(private readonly stored: DecoderState) {
    this.base = stored as State;
  }

  get<K extends keyof State>(key: K): State[K] {
    const changed = this.changes[key];
    return changed === undefined ? this.base[key] : changed;
  }

  set<K extends keyof State>(key: K, value: State[K]): void {
    this.changes[key] = value;
  }

  commit(): void {
    Object.assign(this.stored, this.changes);
  }
}
