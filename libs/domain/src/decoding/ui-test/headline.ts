import type { TestAction, TestReport } from '@telltale/contracts';
import { shortened } from '../reading/text';

/** Address and configuration: what was tested, and how. */
export function titleOf({ url, configPath }: TestReport): string | null {
  const config =
    configPath
      ?.split(/[\\/]/)
      .at(-1)
      ?.replace(/\.[^.]*$/, '') || undefined;
  const place = placeOf(url)?.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  if (place === undefined) return config ?? null;
  return config === undefined ? place : `${place} (${config})`;
}

/** An address without its query. */
export function placeOf(url: string | null): string | undefined {
  return url?.replace(/[?#].*$/s, '').replace(/\/+$/, '') || undefined;
}

/** How a run ended, in a few words; undefined while it runs. */
export function sentenceOf({ result, issues, playability }: TestReport): string | undefined {
  if (result === 'running') return undefined;
  const [first] = issues;
  if (result === 'fail')
    return first === undefined
      ? 'Failed'
      : shortened(`Failed: ${first.description.trim() || first.type}`, 160);
  return playability === null ? 'Passed' : `Passed with a score of ${Math.round(playability * 100)} %`;
}

export interface Step {
  readonly at: number;
  readonly phase: string;
  readonly sentence: string;
}

/** The last thing the run did: a step of its sequence or a picture. */
export function latestStep(
  { pictures: notes }: TestReport,
  actions: readonly TestAction[],
): Step | undefined {
  const steps = actions.map(({ index, action, target, key, at }): Step => {
    const what = [action, target ?? key].filter((text) => text !== null).join(' ');
    const sentence = action === 'action' ? `Step ${index + 1}` : shortened(`Step ${index + 1}: ${what}`, 160);
    return { at: at === null ? 0 : Date.parse(at), phase: `step ${index + 1}`, sentence };
  });
  const pictures = Object.values(notes).flatMap(({ label, at }): Step[] =>
    label === null || at === null
      ? []
      : [{ at: Date.parse(at), phase: label, sentence: `Screenshot ${label}` }],
  );
  return [...steps, ...pictures].reduce<Step | undefined>(
    (last, step) => (last === undefined || step.at >= last.at ? step : last),
    undefined,
  );
}
