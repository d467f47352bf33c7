import { stableHash, type Screenshot } from '@telltale/contracts';
import type { SessionState } from './session-state';

/** Names one picture of one session: what the gateway serves it under. */
export function screenshotId(sessionId: string, filename: string): string {
  return stableHash(`${sessionId}\0${filename}`) + stableHash(`${filename}\0${sessionId}`);
}

/** In the order they were taken. The run's report says what each shows; until it does, the file's time stands. */
export function screenshotsOf(state: SessionState): Screenshot[] {
  const notes = state.registers.test?.value.pictures ?? {};
  return Object.entries(state.screenshots)
    .map(([filename, { value }]) => {
      const note = Object.hasOwn(notes, filename) ? notes[filename] : undefined;
      const id = screenshotId(state.id, filename);
      return {
        id,
        filename,
        label: note?.label ?? value.label,
        at: note?.at ?? (value.takenAt > 0 ? new Date(value.takenAt).toISOString() : null),
        step: note?.step ?? null,
        bytes: value.bytes,
        width: value.width,
        height: value.height,
        // Another picture of that name has another address, so that a browser may keep each for good.
        url: `/api/screenshots/${id}?v=${value.sha256.slice(0, 12)}`,
      };
    })
    .sort((a, b) => compare(a.at ?? '', b.at ?? '') || compare(a.filename, b.filename));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
