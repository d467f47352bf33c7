import { setImmediate as nextTurn } from 'node:timers/promises';

/** SQLite answers at once, and nothing else happens meanwhile: so long others may be kept waiting. */
const sliceMs = 3;

let sliceEnd = 0;

/** Lets whatever else there is to do have its turn, where stores have been read for a while. */
export async function breathe(): Promise<void> {
  while (performance.now() > sliceEnd) {
    await nextTurn();
    // Of the many who waited only the first begins a slice.
    if (performance.now() > sliceEnd) {
      sliceEnd = performance.now() + sliceMs;
      return;
    }
  }
}
