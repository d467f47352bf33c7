import { added, addedByName } from './by-name';
import type { DurationHistogram } from './histogram';
import { keptEntries } from './merge-session';
import type { AgentState, SessionState, ToolSums, UsageSums } from './session-state';

type TokenSums = Pick<
  UsageSums,
  'input' | 'output' | 'cacheWrite5m' | 'cacheWrite1h' | 'cacheRead' | 'reasoning'
>;

/** Usage summed up in place: what a batch adds is built by millions of small steps. */
export class UsageTally {
  input = 0;
  output = 0;
  cacheWrite5m = 0;
  cacheWrite1h = 0;
  cacheRead = 0;
  reasoning = 0;
  costPico = 0n;
  priced = 0;
  unpriced = 0;
  messages = 0;
  reportedPico = 0n;
  reported = 0;

  addTokens(tokens: TokenSums, sign: 1 | -1): void {
    this.input += sign * tokens.input;
    this.output += sign * tokens.output;
    this.cacheWrite5m += sign * tokens.cacheWrite5m;
    this.cacheWrite1h += sign * tokens.cacheWrite1h;
    this.cacheRead += sign * tokens.cacheRead;
    this.reasoning += sign * tokens.reasoning;
  }

  addCost(costPico: bigint | null, sign: 1 | -1): void {
    if (costPico === null) this.unpriced += sign;
    else {
      this.priced += sign;
      this.costPico += sign === 1 ? costPico : -costPico;
    }
  }

  addReported(pico: bigint | undefined, sign: 1 | -1): void {
    if (pico === undefined) return;
    this.reported += sign;
    this.reportedPico += sign === 1 ? pico : -pico;
  }

  get isZero(): boolean {
    const { priced, unpriced, messages, reported } = this;
    const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning } = this;
    const counts = [priced, unpriced, messages, reported];
    const tokens = [input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning];
    return this.costPico === 0n && ![...counts, ...tokens].some((sum) => sum !== 0);
  }

  /** Added to what is known. */
  onto(known: UsageSums): UsageSums {
    return {
      input: known.input + this.input,
      output: known.output + this.output,
      cacheWrite5m: known.cacheWrite5m + this.cacheWrite5m,
      cacheWrite1h: known.cacheWrite1h + this.cacheWrite1h,
      cacheRead: known.cacheRead + this.cacheRead,
      reasoning: known.reasoning + this.reasoning,
      costPico: this.costPico === 0n ? known.costPico : String(BigInt(known.costPico) + this.costPico),
      priced: known.priced + this.priced,
      unpriced: known.unpriced + this.unpriced,
      messages: known.messages + this.messages,
      reportedPico:
        this.reportedPico === 0n
          ? known.reportedPico
          : String(BigInt(known.reportedPico) + this.reportedPico),
      reported: known.reported + this.reported,
    };
  }
}

/** The sums of two groups. */
export function addSums(a: UsageSums, b: UsageSums): UsageSums {
  const tally = new UsageTally();
  tally.addTokens(b, 1);
  tally.costPico = BigInt(b.costPico);
  tally.priced = b.priced;
  tally.unpriced = b.unpriced;
  tally.messages = b.messages;
  tally.reportedPico = BigInt(b.reportedPico);
  tally.reported = b.reported;
  return tally.onto(a);
}

/** What a batch adds to one tool of a session. */
export class ToolTally {
  calls = 0;
  errors = 0;
  totalMs = 0;
  readonly durations = new Map<number, number>();

  onto(known: ToolSums): ToolSums {
    const durations: Record<string, number> = { ...known.durations };
    for (const [bucket, count] of this.durations) durations[bucket] = (durations[bucket] ?? 0) + count;
    return {
      calls: known.calls + this.calls,
      errors: known.errors + this.errors,
      totalMs: known.totalMs + this.totalMs,
      durations: withoutZeros(durations),
    };
  }
}

function addTools(a: ToolSums, b: ToolSums): ToolSums {
  const tally = new ToolTally();
  tally.calls = b.calls;
  tally.errors = b.errors;
  tally.totalMs = b.totalMs;
  for (const [bucket, count] of Object.entries(b.durations)) tally.durations.set(Number(bucket), count);
  return tally.onto(a);
}

/** What a batch adds to one agent of a session. */
export class AgentTally {
  toolCalls = 0;
  readonly usage = new UsageTally();

  onto(known: AgentState): AgentState {
    return { ...known, toolCalls: known.toolCalls + this.toolCalls, usage: this.usage.onto(known.usage) };
  }
}

/** What a batch adds to one session. */
export class SessionTally {
  prompts = 0;
  toolErrors = 0;
  errors = 0;
  readonly models = new Map<string, UsageTally>();
  readonly tools = new Map<string, ToolTally>();
  readonly agents = new Map<string, AgentTally>();
  /** By start of the five-minute bucket, epoch ms. */
  readonly activity = new Map<number, number>();
}

/** The value under `key`, made on first use. */
export function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Counts that came to nothing are left out. */
export function withoutZeros(counts: DurationHistogram): DurationHistogram {
  if (!Object.values(counts).includes(0)) return counts;
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

export const noTool: ToolSums = { calls: 0, errors: 0, totalMs: 0, durations: {} };

/** Many more than are shown, so that what moves to another session later is still there to be taken away. */
const activityBuckets = 200;

/** Adds a batch's tally to a session's sums; groups that come to nothing disappear. */
export function addTally(
  state: SessionState,
  tally: SessionTally,
  empty: { usage: UsageSums; agent: AgentState },
): SessionState {
  const models = addedByName(state.models, tally.models, {
    empty: empty.usage,
    add: addSums,
    isOwed: (sums) => sums.messages < 0 || sums.priced < 0 || sums.unpriced < 0,
  });
  const tools = addedByName(state.tools, tally.tools, {
    empty: noTool,
    add: addTools,
    isOwed: (sums) => sums.calls < 0,
  });
  return {
    ...state,
    prompts: state.prompts + tally.prompts,
    toolErrors: state.toolErrors + tally.toolErrors,
    errors: state.errors + tally.errors,
    models: dropped(models, (sums) => sums.messages === 0 && sums.priced === 0 && sums.unpriced === 0),
    tools: dropped(tools, (sums) => sums.calls === 0),
    agents: added(state.agents, withinBounds(state.agents, tally.agents), empty.agent),
    activity: newestActivity(state.activity, tally.activity),
  };
}

/** Agents that are told apart: those known, and more while there is room. */
function withinBounds<T>(
  known: Readonly<Record<string, unknown>>,
  tallies: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  if (Object.keys(known).length + tallies.size <= keptEntries) return tallies;
  return new Map([...tallies].filter(([name]) => Object.hasOwn(known, name)));
}

function dropped<T>(map: Record<string, T>, isEmpty: (value: T) => boolean): Record<string, T> {
  if (!Object.values(map).some(isEmpty)) return map;
  return Object.fromEntries(Object.entries(map).filter(([, value]) => !isEmpty(value)));
}

function newestActivity(
  known: SessionState['activity'],
  added: SessionTally['activity'],
): SessionState['activity'] {
  if (added.size === 0) return known;
  const sums = new Map(Object.entries(known).map(([bucket, tokens]) => [Number(bucket), tokens]));
  for (const [bucket, tokens] of added) sums.set(bucket, (sums.get(bucket) ?? 0) + tokens);
  const buckets = [...sums].filter(([, tokens]) => tokens !== 0).sort((a, b) => a[0] - b[0]);
  return Object.fromEntries(buckets.slice(-activityBuckets));
}
