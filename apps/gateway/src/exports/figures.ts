import type { Session } from '@telltale/contracts';
import { cacheHitShare, elapsedMs } from '@telltale/domain';
import {
  countWords,
  durationWords,
  moneyWords,
  shareWords,
  sourceWords,
  statusWords,
  timeWords,
} from './words';

export interface NamedFigure {
  readonly name: string;
  readonly value: string;
  /** The value is text that others wrote. */
  readonly isText?: boolean;
}

/** What a document says of a session at its head. What is not known is left out. */
export function aboutSession(session: Session): NamedFigure[] {
  const { project, waitingFor } = session;
  const texts: [string, string | null | undefined][] = [
    ['Project', project?.name],
    ['Folder', project?.path],
    ['Branch', session.branch],
    ['Host', session.host],
    ['User', session.user],
    ['Phase', session.phase],
    ['Waiting for', waitingFor],
    [session.endedAt ? 'Last step' : 'Doing now', session.currentStep],
    ['Id', session.id],
    ['Part of', session.parentId],
  ];
  return [
    { name: 'Status', value: statusWords[session.status] },
    { name: 'Source', value: sourceWords[session.source] },
    ...texts.flatMap(([name, value]) => (value ? [{ name, value, isText: true }] : [])),
    { name: 'Started', value: timeWords(session.startedAt) },
    {
      name: session.endedAt ? 'Ended' : 'Last activity',
      value: timeWords(session.endedAt ?? session.lastActivityAt),
    },
    { name: 'Elapsed', value: durationWords(elapsedMs(session)) },
  ];
}

/** Its counts, tokens and costs. */
export function figuresOf(session: Session): NamedFigure[] {
  const { stats } = session;
  const { tokens, objectives } = stats;
  return [
    ...counted([
      ['Messages', stats.messages],
      ['Prompts', stats.prompts],
      ['Tool calls', stats.toolCalls],
      ['Tool errors', stats.toolErrors],
      ['Errors', stats.errors],
      ['Screenshots', stats.screenshots],
    ]),
    { name: 'Objectives', value: `${objectives.completed} of ${objectives.total}` },
    ...counted([
      ['Tokens', tokens.total],
      ['Input tokens', tokens.input],
      ['Output tokens', tokens.output],
      ['of these reasoning', tokens.reasoning],
      ['Cache writes, 5 min', tokens.cacheWrite5m],
      ['Cache writes, 1 h', tokens.cacheWrite1h],
      ['Cache reads', tokens.cacheRead],
    ]),
    { name: 'Read from the cache', value: shareWords(cacheHitShare(session)) },
    { name: 'Cost', value: costWords(session) },
    ...(stats.reportedCostUsd === null
      ? []
      : [{ name: "The tool's own figure", value: moneyWords(stats.reportedCostUsd) }]),
  ];
}

/** What the API would charge; a plus where a part has no price. */
export function costWords({ stats }: Pick<Session, 'stats'>): string {
  const isPart = stats.costUsd !== null && stats.unpricedModels.length > 0;
  return `${moneyWords(stats.costUsd)}${isPart ? ' +' : ''}`;
}

function counted(figures: readonly (readonly [string, number])[]): NamedFigure[] {
  return figures.map(([name, value]) => ({ name, value: countWords(value) }));
}
