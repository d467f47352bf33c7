import type { Session } from '@telltale/contracts';
import { amountWords, compactWords, countWords, durationWords, moneyWords } from '../words';
import { costWords } from '../figures';
import { palette, seriesColours } from './palette';
import type { Sheet } from './sheet';

interface Card {
  readonly label: string;
  readonly figure: string;
  readonly context: string;
}

const gap = 10;
const height = 66;

/** Numbers first: large, the label small above, the context small below. */
export function statCards(sheet: Sheet, session: Session): void {
  const cards = [messages(session), toolCalls(session), tokens(session), cost(session)];
  const width = (sheet.width - gap * (cards.length - 1)) / cards.length;
  const top = sheet.y;
  cards.forEach(({ label, figure, context }, index) => {
    const x = sheet.left + index * (width + gap);
    const inside = width - 22;
    sheet.panel(x, top, width, height);
    sheet.line(label, { x: x + 11, y: top + 16 }, { size: 8.5, colour: palette.soft });
    sheet.line(figure, { x: x + 11, y: top + 38, width: inside }, { size: 19, weight: 'semibold' });
    sheet.line(context, { x: x + 11, y: top + 57, width: inside }, { size: 7.5, colour: palette.soft });
  });
  split(sheet, session, { x: sheet.left + 2 * (width + gap) + 11, y: top + 43.5, width: width - 22 });
  sheet.y = top + height + 12;
}

function messages({ stats }: Session): Card {
  const answers = stats.messages - stats.prompts;
  return {
    label: 'Messages',
    figure: countWords(stats.messages),
    context: `${amountWords(stats.prompts, 'prompt')} · ${amountWords(answers, 'answer')}`,
  };
}

function toolCalls({ stats, tools }: Session): Card {
  const slowest = tools.reduce((most, { p95Ms }) => Math.max(most, p95Ms ?? 0), 0);
  const slow = slowest > 0 ? ` · p95 up to ${durationWords(slowest)}` : '';
  return {
    label: 'Tool calls',
    figure: countWords(stats.toolCalls),
    context: `${amountWords(stats.toolErrors, 'error')}${slow}`,
  };
}

function tokens({ stats }: Session): Card {
  const { input, output, total } = stats.tokens;
  return {
    label: 'Tokens',
    figure: compactWords(total),
    context: `${compactWords(input)} in · ${compactWords(output)} out`,
  };
}

function cost(session: Session): Card {
  const { reportedCostUsd, unpricedModels } = session.stats;
  const context =
    unpricedModels.length > 0
      ? `${unpricedModels.length} ${unpricedModels.length === 1 ? 'model' : 'models'} without a price`
      : reportedCostUsd === null
        ? 'what the API would charge'
        : `the tool says ${moneyWords(reportedCostUsd)}`;
  return { label: 'Cost', figure: costWords(session), context };
}

/** The parts of all tokens side by side. */
function split(
  sheet: Sheet,
  { stats }: Session,
  { x, y, width }: { x: number; y: number; width: number },
): void {
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, total } = stats.tokens;
  if (total === 0) return;
  const parts = { input, output, cacheWrite: cacheWrite5m + cacheWrite1h, cacheRead };
  let at = x;
  for (const name of ['input', 'output', 'cacheWrite', 'cacheRead'] as const) {
    const part = (parts[name] / total) * width;
    sheet.box(at, y, Math.max(part - 0.6, part > 0 ? 0.4 : 0), 4, seriesColours[name]);
    at += part;
  }
}
