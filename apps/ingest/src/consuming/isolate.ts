import { BatchDraft } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { linesOf } from '../projecting/file-lines';
import type { FileState, QuarantinedRecord } from '../projecting/file-state';
import { fold, type Folded, type FoldSources } from '../projecting/fold';
import { isUnstorable } from './unstorable';

/** How consecutive facts of one partition are read and committed. */
export interface Commits {
  readonly sources: FoldSources;
  /** Commits facts for good: the checkpoint and their files move on. */
  commit(facts: readonly FactMessage[], folded: Folded): Promise<void>;
  /** Commits some of the fact's records only; nothing moves on. */
  attempt(folded: Folded): Promise<void>;
}

interface VisibleLine {
  readonly line: number;
  readonly excerpt: string;
}
interface Rejected extends VisibleLine {
  readonly reason: string;
}

/** With more bad records than this in one fact it goes to quarantine whole: finding each costs ten commits. */
const mostRejected = 20;
const newline = 0x0a;
const blank = 0x20;

/**
 * Commits one fact without the records that cannot be stored: each goes to quarantine with the reason, its
 * neighbours are stored. Its bytes stay in the log, to be tried again.
 *
 * A record at fault is found by committing beginnings of the fact. What they say is said again by the whole fact,
 * which changes nothing.
 *
 * @throws what is no fault of the fact's content
 */
export async function commitIsolated(fact: FactMessage, commits: Commits): Promise<void> {
  let readable = fact;
  const rejected: Rejected[] = [];
  for (;;) {
    const problem = await failureOf(() => commitWhole(readable, rejected, commits));
    if (problem === undefined) return;
    const lines = isPart(fact) ? [] : visibleLines(readable.body);
    if (lines.length === 0 || rejected.length >= mostRejected)
      return commitWithout(fact, commits, reasonOf(problem));
    const found = await lineAtFault(readable, lines, commits, problem);
    rejected.push(found);
    readable = { ...asPlain(fact), body: withBlankLines(readable.body, (line) => line === found.line) };
  }
}

async function commitWhole(
  fact: FactMessage,
  rejected: readonly Rejected[],
  commits: Commits,
): Promise<void> {
  const folded = await fold([fact], commits.sources);
  const state = stateOf(folded);
  const records = rejected.map((one) => recordOf(fact, state, one));
  await commits.commit([fact], { ...folded, quarantined: [...folded.quarantined, ...records] });
}

/** The first line with which a beginning of the fact fails to be stored. */
async function lineAtFault(
  fact: FactMessage,
  lines: readonly VisibleLine[],
  commits: Commits,
  whole: Error,
): Promise<Rejected> {
  let good = 0;
  let bad = lines.length;
  let problem = whole;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const last = lines[middle - 1]?.line ?? 0;
    const failure = await failureOf(() => attemptUpTo(fact, last, commits));
    if (failure === undefined) good = middle;
    else {
      bad = middle;
      problem = failure;
    }
  }
  const { line, excerpt } = lines[bad - 1] ?? { line: 0, excerpt: '' };
  return { line, excerpt, reason: reasonOf(problem) };
}

async function attemptUpTo(fact: FactMessage, last: number, commits: Commits): Promise<void> {
  const beginning = { ...asPlain(fact), body: withBlankLines(fact.body, (line) => line > last) };
  const folded = await fold([beginning], commits.sources);
  await commits.attempt({ ...folded, files: new Map(), quarantined: [] });
}

/** The fact whole goes to quarantine; its file moves on, if at least that can be stored. */
async function commitWithout(fact: FactMessage, commits: Commits, reason: string): Promise<void> {
  const sources: FoldSources = { ...commits.sources, parts: async () => [] };
  const folded = await fold([{ ...asPlain(fact), body: new Uint8Array() }], sources);
  const record = recordOf(fact, stateOf(folded), { line: 0, excerpt: '', reason });
  const rest: Folded = {
    ...folded,
    earlier: [],
    draft: new BatchDraft(),
    quarantined: [record],
    bytes: fact.body.length,
  };
  const problem = await failureOf(() => commits.commit([fact], rest));
  if (problem === undefined) return;
  await commits.commit([fact], { ...rest, files: new Map() });
}

/** Undefined where it succeeded. */
async function failureOf(action: () => Promise<void>): Promise<Error | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (!isUnstorable(error)) throw error;
    return error;
  }
}

function isPart(fact: FactMessage): boolean {
  return fact.header('ce-part') !== undefined;
}

function reasonOf(problem: Error): string {
  return `could not be stored: ${problem.message}`;
}

function visibleLines(body: Uint8Array): VisibleLine[] {
  return [...linesOf(body)]
    .filter(({ text }) => text.trim() !== '')
    .map(({ line, text }) => ({ line, excerpt: text.slice(0, 300) }));
}

/** The body with some lines blank: all others keep their number and their offset. */
function withBlankLines(body: Uint8Array, isBlank: (line: number) => boolean): Uint8Array {
  const copy = Uint8Array.from(body);
  let line = 0;
  for (let i = 0; i < copy.length; i++) {
    if (copy[i] === newline) line++;
    else if (isBlank(line)) copy[i] = blank;
  }
  return copy;
}

/** A copy to change: `header` belongs to the fact it came with. */
function asPlain(fact: FactMessage): FactMessage {
  const { subject, sequence, time, body } = fact;
  return { subject, sequence, time, body, header: (name) => fact.header(name) };
}

function stateOf(folded: Folded): FileState | undefined {
  const [state] = folded.files.values();
  return state;
}

function recordOf(fact: FactMessage, state: FileState | undefined, at: Rejected): QuarantinedRecord {
  return {
    sequence: fact.sequence,
    line: at.line,
    file: state?.file ?? fact.subject,
    source: state?.source ?? '',
    host: state?.host ?? '',
    path: state?.path ?? '',
    reason: at.reason,
    excerpt: at.excerpt,
  };
}
