import { durationBucket } from './histogram';
import { toolDuration, type Item } from './item';
import type { UsageSums } from './session-state';
import { AgentTally, at, SessionTally, ToolTally, UsageTally } from './sums';

/** A winning row: what one entry of a message adds to the sums, and to whom. */
export interface CountedUsage {
  readonly owner: string;
  readonly agentId: string | null;
  readonly model: string;
  readonly at: number;
  readonly tokens: Pick<
    UsageSums,
    'input' | 'output' | 'cacheWrite5m' | 'cacheWrite1h' | 'cacheRead' | 'reasoning'
  >;
  /** Null: no price is known. */
  readonly costPico: bigint | null;
  /** The tool's own price; undefined where it states none. */
  readonly reportedPico: bigint | undefined;
}

export interface RollupIncrement {
  readonly sessionId: string;
  /** Start of the 15-minute UTC bucket, epoch ms. */
  readonly bucket: number;
  /** Empty where what is counted has no model. */
  readonly model: string;
  prompts: number;
  readonly usage: UsageTally;
}
export interface ToolRollupIncrement {
  readonly sessionId: string;
  readonly bucket: number;
  readonly tool: string;
  calls: number;
  errors: number;
}

const rollupBucketMs = 15 * 60_000;
const activityBucketMs = 5 * 60_000;

/** Sums what a batch adds to and takes from sessions and rollups, so that totals move by increments. */
export class Increments {
  readonly sessions = new Map<string, SessionTally>();
  private readonly byBucket = new Map<string, RollupIncrement>();
  private readonly byTool = new Map<string, ToolRollupIncrement>();

  /** `sign` 1 adds, -1 takes away what was added before. Items of sessions that do not own them add nothing. */
  item(item: Item, sign: 1 | -1): void {
    if (!item.counted || !item.used) return;
    const session = this.session(item.sessionId);
    switch (item.kind) {
      case 'prompt':
        session.prompts += sign;
        this.rollup(item.sessionId, item.at, '').prompts += sign;
        return;
      case 'assistant':
        return this.assistant(session, item, sign);
      case 'error':
        session.errors += sign;
        return;
      case 'tool':
        return this.tool(session, item, sign);
      case 'compaction':
        return;
    }
  }

  usage(counted: CountedUsage, sign: 1 | -1): void {
    const session = this.session(counted.owner);
    const tallies = [
      at(session.models, counted.model, () => new UsageTally()),
      this.rollup(counted.owner, counted.at, counted.model).usage,
    ];
    if (counted.agentId !== null)
      tallies.push(at(session.agents, counted.agentId, () => new AgentTally()).usage);
    for (const tally of tallies) {
      tally.addTokens(counted.tokens, sign);
      tally.addCost(counted.costPico, sign);
      tally.addReported(counted.reportedPico, sign);
    }
    const { input, output, cacheWrite5m, cacheWrite1h } = counted.tokens;
    const bucket = counted.at - (counted.at % activityBucketMs);
    const fresh = sign * (input + output + cacheWrite5m + cacheWrite1h);
    session.activity.set(bucket, (session.activity.get(bucket) ?? 0) + fresh);
  }

  get rollups(): RollupIncrement[] {
    return [...this.byBucket.values()].filter((row) => row.prompts !== 0 || !row.usage.isZero);
  }

  get toolRollups(): ToolRollupIncrement[] {
    return [...this.byTool.values()].filter((row) => row.calls !== 0 || row.errors !== 0);
  }

  private assistant(session: SessionTally, item: Item, sign: 1 | -1): void {
    const model = item.model ?? '';
    at(session.models, model, () => new UsageTally()).messages += sign;
    this.rollup(item.sessionId, item.at, model).usage.messages += sign;
    if (item.agentId !== null)
      at(session.agents, item.agentId, () => new AgentTally()).usage.messages += sign;
  }

  private tool(session: SessionTally, item: Item, sign: 1 | -1): void {
    const name = item.name ?? 'unknown';
    const errors = item.isError ? sign : 0;
    session.toolErrors += errors;
    if (item.agentId !== null) at(session.agents, item.agentId, () => new AgentTally()).toolCalls += sign;
    countCall(
      at(session.tools, name, () => new ToolTally()),
      item,
      sign,
    );
    const bucket = bucketOf(item.at);
    const row = at(this.byTool, `${item.sessionId}\0${bucket}\0${name}`, () => ({
      sessionId: item.sessionId,
      bucket,
      tool: name,
      calls: 0,
      errors: 0,
    }));
    row.calls += sign;
    row.errors += errors;
  }

  private session(id: string): SessionTally {
    return at(this.sessions, id, () => new SessionTally());
  }

  private rollup(sessionId: string, time: number, model: string): RollupIncrement {
    const bucket = bucketOf(time);
    return at(this.byBucket, `${sessionId}\0${bucket}\0${model}`, () => ({
      sessionId,
      bucket,
      model,
      prompts: 0,
      usage: new UsageTally(),
    }));
  }
}

function countCall(tool: ToolTally, item: Item, sign: 1 | -1): void {
  tool.calls += sign;
  tool.errors += item.isError ? sign : 0;
  const duration = toolDuration(item);
  if (duration === null) return;
  tool.totalMs += sign * duration;
  const bucket = durationBucket(duration);
  tool.durations.set(bucket, (tool.durations.get(bucket) ?? 0) + sign);
}

function bucketOf(time: number): number {
  return time - (time % rollupBucketMs);
}
