import type { Agent, Objective, Session } from '@telltale/contracts';
import { markdownCell, markdownInline } from '@telltale/domain';
import { agentTree } from './agent-tree';
import { aboutSession, figuresOf, type NamedFigure } from './figures';
import { amountWords, countWords, durationWords, moneyWords, statusWords, timeWords } from './words';

/** Everything but the transcript. */
export function markdownHead(session: Session): string {
  const title = markdownInline(session.title ?? '') || markdownInline(session.id);
  return [
    `# ${title}\n`,
    'Times are UTC. Costs are what the API would charge, in US dollars.\n',
    table(['', ''], [...aboutSession(session)].map(figureRow)),
    section('Figures', table(['Figure', 'Value'], figuresOf(session).map(figureRow))),
    session.tokensByModel.length > 0 ? section('Models', models(session)) : '',
    session.tools.length > 0 ? section('Tools', tools(session)) : '',
    session.objectives.length > 0 ? section('Objectives', list(session.objectives.map(objective))) : '',
    session.agents.length > 0 ? section('Agents', agents(session.agents)) : '',
    session.links.length > 0
      ? section('Links', list(session.links.map(({ label, url }) => `${inline(label)}: ${inline(url)}`)))
      : '',
    session.test ? section('Test', test(session.test)) : '',
    session.errors.length > 0
      ? section(
          'Errors',
          list(
            session.errors.map(
              ({ at, kind, message }) => `${timeWords(at)} ${inline(kind)}: ${inline(message)}`,
            ),
          ),
        )
      : '',
  ]
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('');
}

const inline = markdownInline;

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}\n`).join('');
}

/** Cells are Markdown already. The first column is text, the others are figures. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 || head.length === 2 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function figureRow({ name, value, isText }: NamedFigure): string[] {
  return [name, isText === true ? markdownCell(value) : value];
}

function models({ tokensByModel, stats }: Session): string {
  const rows = tokensByModel.map(({ model, tokens, costUsd, messages }) => [
    markdownCell(model),
    countWords(messages),
    countWords(tokens.input),
    countWords(tokens.output),
    countWords(tokens.cacheWrite5m + tokens.cacheWrite1h),
    countWords(tokens.cacheRead),
    countWords(tokens.total),
    moneyWords(costUsd),
  ]);
  const head = ['Model', 'Messages', 'Input', 'Output', 'Cache writes', 'Cache reads', 'Tokens', 'Cost'];
  const unpriced = stats.unpricedModels.map(inline).join(', ');
  return `${table(head, rows)}${unpriced === '' ? '' : `\nWithout a price: ${unpriced}\n`}`;
}

function tools({ tools: used }: Session): string {
  const rows = used.map(({ name, calls, errors, medianMs, p95Ms, totalMs }) => [
    markdownCell(name),
    countWords(calls),
    countWords(errors),
    durationWords(medianMs),
    durationWords(p95Ms),
    durationWords(totalMs),
  ]);
  return table(['Tool', 'Calls', 'Errors', 'Median', 'p95', 'Total'], rows);
}

function objective({ text, status, completedAt }: Objective): string {
  const mark = status === 'completed' ? 'x' : ' ';
  const when = completedAt === null ? '' : ` · ${timeWords(completedAt)}`;
  return `[${mark}] ${inline(text)}${status === 'active' ? ' · under way' : ''}${when}`;
}

function agents(all: readonly Agent[]): string {
  return agentTree(all)
    .map(({ agent, depth }) => {
      const name = [agent.type, agent.description].filter((part) => part !== null && part !== '').join(': ');
      const { stats } = agent;
      const facts = [
        statusWords[agent.status],
        amountWords(stats.messages, 'message'),
        amountWords(stats.toolCalls, 'tool call'),
        `${countWords(stats.tokens.total)} tokens`,
        moneyWords(stats.costUsd),
      ];
      return `${'  '.repeat(depth)}- ${inline(name) || inline(agent.id)} · ${facts.join(' · ')}\n`;
    })
    .join('');
}

function test({ result, url, durationMs, scores, issues }: NonNullable<Session['test']>): string {
  return list([
    `Result: ${result}`,
    ...(url === null ? [] : [`Address: ${inline(url)}`]),
    `Duration: ${durationWords(durationMs)}`,
    ...Object.entries(scores).map(([name, score]) => `${inline(name)}: ${score}`),
    ...issues.map(({ type, description }) => `Issue ${inline(type)}: ${inline(description)}`),
  ]);
}
