import { firstLine, previewOf, storable, storableName } from '../reading/text';
import { asText } from '../reading/values';
import type { LineReading } from './line-reading';
import { tellMode, tellPermissionMode } from './phase';

const titleLength = 200;
/** Above this a cost is damage; it fits its column by far. */
const mostUsd = 1e6;

type Read = (reading: LineReading) => void;

/** Records about the session as a whole, written again and again: the last one wins. */
export const stateRecords: { readonly [type: string]: Read } = {
  'ai-title': title('aiTitle', 'aiTitle'),
  'custom-title': title('customTitle', 'customTitle'),
  'agent-name': title('agentName', 'agentName'),
  summary: title('summaryTitle', 'summary'),
  mode: (reading) => tellMode(reading, reading.record['mode']),
  'permission-mode': (reading) => tellPermissionMode(reading, reading.record['permissionMode']),
  'pr-link': readPullRequest,
  'cost-state': readCost,
  'last-prompt': () => undefined,
  'queue-operation': () => undefined,
  'file-history-snapshot': () => undefined,
  'file-history-delta': () => undefined,
  'bridge-session': () => undefined,
  'frame-link': () => undefined,
  'worktree-state': () => undefined,
};

function title(register: 'aiTitle' | 'customTitle' | 'agentName' | 'summaryTitle', field: string): Read {
  return (reading) => {
    const text = titleText(reading.record[field]);
    if (text !== undefined) reading.registerChange(register, text);
  };
}

/** One line, bounded; undefined where there is none. */
export function titleText(value: unknown): string | undefined {
  return typeof value === 'string' ? asText(firstLine(value, titleLength)) : undefined;
}

function readPullRequest(reading: LineReading): void {
  const { record } = reading;
  const url = asText(record['prUrl']);
  // It becomes a link on a page: nothing but the web's own schemes.
  if (url === undefined || !/^https?:\/\//.test(url)) return;
  const number = record['prNumber'];
  const repository = storableName(asText(record['prRepository']) ?? 'pull request');
  const label = typeof number === 'number' ? `${repository}#${number}` : repository;
  reading.say({ type: 'link', kind: 'pull-request', label, url: previewOf(storable(url)).preview });
}

/** The tool's own price of the session so far. */
function readCost(reading: LineReading): void {
  const usd = reading.record['totalCostUSD'];
  if (typeof usd !== 'number' || !(usd >= 0 && usd <= mostUsd)) return;
  // Rounded to nano-dollars first: a million dollars in pico-dollars is beyond what a double holds exactly.
  reading.registerChange('reportedCostPico', String(BigInt(Math.round(usd * 1e9)) * 1000n));
}
