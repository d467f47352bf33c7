import type { Stats } from '@telltale/contracts';
import { formatDifference, formatMoney } from './format';

export interface ReportedCost {
  /** `tool says $1.52 · +1.3 %`. */
  readonly says: string;
  /** The same in a whole sentence. */
  readonly explains: string;
}

/** What it cost, in few characters: `~$0.04` where nothing could be priced and the tool says a figure of its own. */
export function shownCost({ costUsd, reportedCostUsd }: Stats): string {
  if (costUsd !== null) return formatMoney(costUsd);
  return reportedCostUsd === null ? '–' : `~${formatMoney(reportedCostUsd)}`;
}

/** Why there is no price, and what the tool says: for a tooltip. */
export function costHint(stats: Stats): string {
  const reported = reportedCost(stats);
  const unpriced = unpricedWords(stats);
  const sentence = unpriced.charAt(0).toUpperCase() + unpriced.slice(1);
  return [sentence, reported?.explains ?? ''].filter(Boolean).join('. ');
}

/** `no price for llama-4-local`; '' where everything has one. */
export function unpricedWords({ unpricedModels }: Stats): string {
  if (unpricedModels.length === 0) return '';
  const named = unpricedModels.filter((model) => model !== 'unknown'); // what a tool names no model for
  return named.length === 0 ? 'no price: the tool names no model' : `no price for ${named.join(', ')}`;
}

/** Less apart than this, 0–1, is the same: prices are rounded by either side. */
const sameShare = 0.0005;

/** The tool's own figure beside the computed one; null where the tool keeps none. */
export function reportedCost({ costUsd, reportedCostUsd }: Stats): ReportedCost | null {
  if (reportedCostUsd === null) return null;
  const says = `tool says ${formatMoney(reportedCostUsd)}`;
  const own = `The tool’s own figure is ${formatMoney(reportedCostUsd)}`;
  if (costUsd === null) return { says, explains: `${own}; by our price table there is none.` };
  const computed = `what the API would charge: ${formatMoney(costUsd)}`;
  const apart = reportedCostUsd - costUsd;
  if (apart === 0 || (costUsd > 0 && Math.abs(apart / costUsd) < sameShare))
    return { says: 'tool says the same', explains: `${own}, the same as ${computed}.` };
  const more = `${formatMoney(Math.abs(apart))} ${apart > 0 ? 'above' : 'below'} ${computed}`;
  // of nothing there is no share
  if (costUsd === 0) return { says, explains: `${own}, ${more}.` };
  return { says: `${says} · ${formatDifference(apart / costUsd)}`, explains: `${own}, ${more}.` };
}
