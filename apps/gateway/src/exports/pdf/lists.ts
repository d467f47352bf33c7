import type { Session } from '@telltale/contracts';
import { agentTree, type AgentInTree } from '../agent-tree';
import {
  amountWords,
  compactWords,
  countWords,
  durationWords,
  moneyWords,
  statusWords,
  timeWords,
} from '../words';
import { palette } from './palette';
import { listPanel } from './panel';
import type { Sheet } from './sheet';

const faint = { size: 8, colour: palette.faint };
const lampOf = {
  running: palette.green,
  waiting: palette.amber,
  idle: palette.faint,
  completed: palette.faint,
  failed: palette.red,
};

/** Subagents under the one that started them, each with its share. */
export function agentsPanel(sheet: Sheet, { agents }: Session): Promise<void> {
  return listPanel<AgentInTree>(
    sheet,
    { title: 'Agents', note: countWords(agents.length) },
    agentTree(agents),
    {
      most: 200,
      height: () => 16,
      draw: ({ agent, depth }, top) => {
        const y = top + 11;
        const x = sheet.left + 15 + depth * 14;
        const { stats } = agent;
        const figures = `${statusWords[agent.status]} · ${amountWords(stats.messages, 'message')} · ${amountWords(stats.toolCalls, 'tool call')} · ${compactWords(stats.tokens.total)} tokens`;
        const name = [agent.type, agent.description].filter((part) => part).join(': ') || agent.id;
        const room = sheet.measure(figures, faint) + 66;
        sheet.dot(x, y - 3, lampOf[agent.status], 2);
        sheet.line(name, { x: x + 8, y, width: sheet.right - x - room - 16 }, { size: 8.5 });
        sheet.line(figures, { x: sheet.left, y, width: sheet.width - 70, align: 'right' }, faint);
        const cost = moneyWords(stats.costUsd);
        sheet.line(
          cost,
          { x: sheet.left, y, width: sheet.width - 12, align: 'right' },
          { size: 8.5, weight: 'semibold' },
        );
      },
    },
  );
}

/** What a test run found. */
export function testPanel(sheet: Sheet, { test }: Session): Promise<void> {
  if (!test) return Promise.resolve();
  const rows: [string, string, string?][] = [
    ['Result', test.result, test.result === 'fail' ? palette.red : palette.text],
    ...(test.url === null ? [] : [['Address', test.url] satisfies [string, string]]),
    ['Duration', durationWords(test.durationMs)],
    ...Object.entries(test.scores).map(([name, score]): [string, string] => [name, String(score)]),
    ...test.issues.map(({ type, description }): [string, string, string] => [
      'Issue',
      `${type}: ${description}`,
      palette.red,
    ]),
  ];
  return namedLines(sheet, { title: 'Test run', rows, most: 100 });
}

/** What went wrong, and when. */
export function errorsPanel(sheet: Sheet, { errors }: Session): Promise<void> {
  const rows = errors.map(({ at, kind, message }): [string, string, string] => [
    at === null ? '' : timeWords(at),
    kind === '' ? message : `${kind}: ${message}`,
    palette.text,
  ]);
  return namedLines(sheet, { title: 'Errors', note: countWords(errors.length), rows, most: 200 });
}

/** Pull requests and the like; addresses are told, never linked. */
export function linksPanel(sheet: Sheet, { links }: Session): Promise<void> {
  return namedLines(sheet, { title: 'Links', rows: links.map(({ label, url }) => [label, url]), most: 50 });
}

function namedLines(
  sheet: Sheet,
  {
    title,
    note,
    rows,
    most,
  }: { title: string; note?: string; rows: readonly (readonly [string, string, string?])[]; most: number },
): Promise<void> {
  const indent = 116;
  const width = sheet.width - indent - 14;
  const ink = { size: 8.5, most: 4 };
  return listPanel(sheet, { title, ...(note === undefined ? {} : { note }) }, rows, {
    most,
    height: ([, text]) => Math.max(1, sheet.lines(text, width, ink).length) * 11.5 + 4,
    draw: ([name, text, colour = palette.text], top) => {
      sheet.line(name, { x: sheet.left + 12, y: top + 11, width: indent - 20 }, faint);
      sheet.paragraph(
        text,
        { x: sheet.left + indent, y: top + 11, width },
        { ...ink, leading: 11.5, colour },
      );
    },
  });
}
