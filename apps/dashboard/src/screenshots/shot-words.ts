import type { Screenshot, TestAction } from '@telltale/contracts';
import { formatBytes } from '../figures/format';
import { clockTime } from '../time/durations';

/** Numbered as in the run's steps: the first is step 1; null for what was taken before or beside them. */
function stepNumber({ step }: Screenshot): number | null {
  return step === null || step < 0 ? null : step + 1;
}

/** `action_6` reads `Step 7`, `game_over` reads `Game over`; without a label the file's name stands. */
export function shotLabel(screenshot: Screenshot): string {
  const { label, filename } = screenshot;
  const written = label ?? filename.replace(/\.[a-z]+$/i, '');
  const number = stepNumber(screenshot);
  if (number !== null && /^action[_ -]?\d+$/i.test(written)) return `Step ${number}`;
  const words = written.replace(/[_-]+/g, ' ').trim();
  return words === '' ? filename : words.charAt(0).toUpperCase() + words.slice(1);
}

/** `step 7`; '' where the label says it, or there is none. */
export function shotStep(screenshot: Screenshot): string {
  const number = stepNumber(screenshot);
  return number === null || shotLabel(screenshot) === `Step ${number}` ? '' : `step ${number}`;
}

/** `1296 × 702 · 84 KB`; a size that is not known is left out. */
export function shotSize({ width, height, bytes }: Screenshot): string {
  const size = width !== null && height !== null ? [`${width} × ${height}`] : [];
  return [...size, formatBytes(bytes)].join(' · ');
}

/** What the picture shows, for who cannot see it. */
export function shotAlt(screenshot: Screenshot, did: string): string {
  const parts = [shotStep(screenshot), did].filter(Boolean).join(', ');
  const at = screenshot.at === null ? '' : `, ${clockTime(screenshot.at)}`;
  return `Screenshot “${shotLabel(screenshot)}”${parts ? `: ${parts}` : ''}${at}`;
}

/** `press ArrowUp`, `click start button`. */
export function actionWords({ action, key, target }: TestAction): string {
  return [action, key ?? target].filter(Boolean).join(' ');
}

/** What was done in a picture's step, by the number of the step. */
export function actionsByStep(actions: readonly TestAction[]): ReadonlyMap<number, string> {
  return new Map(actions.map((action) => [action.index, actionWords(action)]));
}

/** Height over width that a thumbnail of unknown size gets. */
const unknownRatio = 10 / 16;

/** Pixels of a thumbnail of this height; very wide and very tall pictures are cut. */
export function thumbWidth({ width, height }: Screenshot, thumbHeight: number): number {
  const ratio = width !== null && height !== null && width > 0 && height > 0 ? height / width : unknownRatio;
  return Math.round(Math.min(thumbHeight * 2, Math.max(thumbHeight * 0.5, thumbHeight / ratio)));
}
