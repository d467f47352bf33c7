import type { TestReport } from '@telltale/contracts';

export const resultWords = { running: 'Running', pass: 'Passed', fail: 'Failed' } as const satisfies Record<
  TestReport['result'],
  string
>;

export interface Score {
  readonly name: string;
  /** 0–1. */
  readonly value: number;
}

/** The run's scores, that of the whole first; `heuristic_score` reads `Heuristic`. */
export function scoresOf({ playability, scores }: TestReport): Score[] {
  const named = Object.entries(scores)
    .filter(([, value]) => Number.isFinite(value))
    .map(([name, value]) => ({
      name: wordsOf(name.replace(/_?score$/i, '') || name),
      value: clamped(value),
    }));
  return [...(playability === null ? [] : [{ name: 'Playability', value: clamped(playability) }]), ...named];
}

/** `selector_not_found` reads `Selector not found`. */
export function wordsOf(name: string): string {
  const words = name.replace(/_+/g, ' ').trim();
  const spoken = words.charAt(0).toUpperCase() + words.slice(1);
  return spoken.replace(/\b(?:llm|dom|cua|url|api)\b/gi, (letters) => letters.toUpperCase());
}

const methodNames: Record<string, string> = { cua: 'By sight', dom: 'By the DOM', none: 'Without a target' };

/** How the steps were carried out, the most frequent first: `cua` looks at the screen, `dom` at the page. */
export function methodsOf({ methods }: TestReport): { name: string; written: string; count: number }[] {
  return Object.entries(methods)
    .filter(([, count]) => count > 0)
    .map(([written, count]) => ({ name: methodNames[written] ?? wordsOf(written), written, count }))
    .sort((a, b) => b.count - a.count);
}

/** The median of what is known, in milliseconds. */
export function medianMs(test: TestReport): number | null {
  const known = test.actions.map((action) => action.durationMs).filter((ms) => ms !== null);
  return known.sort((a, b) => a - b)[Math.floor((known.length - 1) / 2)] ?? null;
}

function clamped(value: number): number {
  return Math.min(1, Math.max(0, value));
}
