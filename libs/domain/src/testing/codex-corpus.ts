import * as fc from 'fast-check';
import { CodexLedger } from './codex-ledger';
import { codexPlan, type CodexForkPlan, type CodexSessionPlan, type CodexStep } from './codex-plan';
import { noUsage, timedId, type CodexUsage } from './codex-fields';
import { CodexWriter, type CodexLine } from './codex-writer';
import type { SourceFile } from './source-file';

/** Rollouts as they could lie below Codex homes, and what was done while they were written. */
export interface CodexCorpus {
  readonly files: readonly SourceFile[];
  readonly deeds: CodexLedger;
}

const root = '/home/dev/.codex';
/** 2026-03-01T09:00:00Z */
const beginning = Date.UTC(2026, 2, 1, 9);

export const codexCorpus: fc.Arbitrary<CodexCorpus> = codexPlan.map(renderCodex);

export function renderCodex(plans: readonly CodexSessionPlan[]): CodexCorpus {
  const deeds = new CodexLedger();
  const writers: CodexWriter[] = [];
  const files = plans.flatMap((plan, index) => {
    const writer = new SessionPlay(plan, index, { writers, deeds }).play();
    writers.push(writer);
    return filesOf(writer, plan);
  });
  return { files, deeds };
}

/** A rollout as its facts carry it. */
export function codexFileOf(
  writer: { readonly path: string; readonly lines: readonly CodexLine[] },
  host = 'atlas',
): SourceFile {
  const lines = writer.lines.map(({ text }) => text);
  return { source: 'codex', host, root, path: `${root}/${writer.path}`, fact: 'file.appended', lines };
}

function filesOf(writer: CodexWriter, { copies }: CodexSessionPlan): SourceFile[] {
  const file = codexFileOf(writer);
  const archived = `${root}/archived_sessions/${writer.path.split('/').at(-1)}`;
  return [
    file,
    ...(copies.includes('archived') ? [{ ...file, path: archived }] : []),
    ...(copies.includes('other-host') ? [{ ...file, host: 'borealis' }] : []),
  ];
}

interface Stage {
  readonly writers: readonly CodexWriter[];
  readonly deeds: CodexLedger;
}

/** Plays one session's plan into a writer, noting in the ledger what is done. */
class SessionPlay {
  private readonly writer: CodexWriter;
  private readonly id: string;
  private other: CodexUsage = noUsage;
  private readonly parent: CodexWriter | undefined;

  constructor(
    private readonly plan: CodexSessionPlan,
    index: number,
    private readonly stage: Stage,
  ) {
    const startedAt = beginning + index * 3_600_000;
    this.id = timedId(startedAt, `5e5510000${index}00`);
    this.parent = plan.fork === null ? undefined : forkable(stage.writers, plan.fork);
    const forkedFrom = this.parent?.options.id;
    this.writer = new CodexWriter({
      id: this.id,
      startedAt,
      style: this.parent?.style ?? plan.style,
      ...(forkedFrom === undefined ? {} : { forkedFrom }),
      ...(forkedFrom !== undefined && plan.isSubagent ? { parent: forkedFrom } : {}),
    });
  }

  play(): CodexWriter {
    const { writer } = this;
    writer.meta();
    if (this.parent !== undefined && this.plan.fork !== null) this.replay(this.parent, this.plan.fork);
    for (const { model, prompt, steps, end } of this.plan.turns) {
      writer.model = model;
      writer.startTurn();
      this.prompt(prompt);
      for (const step of steps) this.step(step);
      if (end === 'open') continue;
      writer.endTurn(end);
      if (end === 'abort' && writer.style !== 'bare') this.deeds.errors++;
    }
    return writer;
  }

  private get deeds(): ReturnType<CodexLedger['of']> {
    return this.stage.deeds.of(this.id);
  }

  /** The counter goes on from where the copied history ends. */
  private replay(parent: CodexWriter, fork: CodexForkPlan): void {
    const copied = copiedLines(parent, fork);
    this.writer.replay(copied);
    this.writer.mixed = parent.mixed;
    this.writer.total =
      copied.map(({ text }) => totalOf(text)).findLast((total) => total !== undefined) ?? noUsage;
  }

  private prompt(text: string): void {
    // Before turns had ids nothing tells a fork's first words from its parent's next ones but the words.
    const own = this.writer.style === 'early' ? `${text} ${this.stage.deeds.next()}` : text;
    this.writer.prompt(own);
    this.deeds.prompts++;
  }

  private step(step: CodexStep): void {
    switch (step.kind) {
      case 'say':
        this.writer.say(step.text);
        this.deeds.answers++;
        return;
      case 'prompt':
        return this.prompt(step.text);
      case 'count':
        return this.count(step.usage, this.parent === undefined ? step.unseen : 0);
      case 'restart':
        return this.restart(step.usage);
      case 'other-counter':
        return this.otherCounter(step.usage);
      case 'error':
        this.writer.error('The stream ended early');
        if (this.writer.style !== 'bare') this.deeds.errors++;
        return;
      case 'malformed':
        this.writer.raw('{"timestamp":"2026-03-01T09:00:00.000Z","type":"event_msg","payl');
        return;
      default:
        return this.tool(step);
    }
  }

  private tool(step: CodexStep): void {
    const { writer } = this;
    switch (step.kind) {
      case 'exec':
        writer.exec('npm test', 'ok', step.fails ? 1 : 0);
        this.deeds.toolErrors += Number(step.fails);
        return this.called('exec_command');
      case 'local-call':
        writer.call('shell', { command: ['ls'] }, step.answered ? 'a.txt' : undefined, 'call_0');
        return this.called('shell');
      case 'plan':
        writer.plan([{ step: step.text, status: 'in_progress' }]);
        return this.called('update_plan');
      case 'patch':
        writer.patch('/home/dev/shop/src/cart.ts', '@@\n-a\n+b');
        return this.called('apply_patch');
      case 'mcp':
        writer.mcp('browser', 'js', { code: '1' }, '1');
        return this.called('js');
      case 'search':
        writer.search('token bucket');
        return this.called('web_search');
      default:
        return this.notice(step);
    }
  }

  private notice(step: CodexStep): void {
    const { writer } = this;
    switch (step.kind) {
      case 'think':
        return writer.think();
      case 'repeat':
        // Alone behind a fork's cut, the repeat of a counter's first call is not to be told from that call.
        return writer.total.input === writer.last.input ? undefined : writer.repeatCount();
      case 'limits':
        return writer.limits(12.5);
      case 'resume':
        return writer.meta();
      case 'compact':
        return this.compact();
      case 'fill':
        return this.fill();
      default:
        return;
    }
  }

  private compact(): void {
    this.writer.compact();
    this.deeds.compactions += Number(this.writer.style !== 'bare');
  }

  private called(name: string): void {
    this.stage.deeds.tool(this.id, name);
  }

  private count(usage: CodexUsage, unseen: number): void {
    if (this.writer.style === 'bare') return;
    const used = this.stage.deeds.distinct(usage);
    // Between two counters only what a count itself states can be told.
    const before = { ...noUsage, input: this.other === noUsage ? unseen : 0 };
    this.writer.count(used, before);
    this.used({ ...used, input: used.input + before.input });
  }

  /** A counter that begins anew is seen to where its total is less than the one before. */
  private restart(usage: CodexUsage): void {
    const used = this.stage.deeds.distinct(usage);
    const { style, total } = this.writer;
    if (style === 'bare' || this.other !== noUsage || used.input >= total.input) return;
    this.writer.total = noUsage;
    this.writer.count(used);
    this.used(used);
  }

  /** As in a review: a counter beside the session's own, whose totals stand between the session's. */
  private otherCounter(usage: CodexUsage): void {
    const used = this.stage.deeds.distinct(usage);
    const total = {
      ...this.other,
      input: this.other.input + used.input,
      output: this.other.output + used.output,
    };
    if (this.writer.style === 'bare' || total.input >= this.writer.total.input) return;
    const last = { ...noUsage, input: used.input, output: used.output };
    this.other = total;
    this.writer.otherCount(total, last);
    this.used(last);
  }

  /** Would hide that the other counter's next total is less than the session's. */
  private fill(): void {
    this.other = noUsage;
    this.writer.fill();
  }

  private used(usage: CodexUsage): void {
    this.stage.deeds.used(this.id, this.writer.model, usage);
  }
}

/**
 * Oldest lines have no turns to cut at, and nothing that a fork could copy. Of two counters, what stands behind a cut
 * cannot be told apart.
 */
function forkable(writers: readonly CodexWriter[], { of, kind }: CodexForkPlan): CodexWriter | undefined {
  const candidates = writers.filter(
    ({ style, mixed }) =>
      style !== 'bare' && (kind === 'history' || style !== 'early') && !(kind === 'last-turns' && mixed),
  );
  return candidates.length === 0 ? undefined : candidates[of % candidates.length];
}

function copiedLines(parent: CodexWriter, { kind, take }: CodexForkPlan): CodexWriter['lines'] {
  const [meta, ...rest] = parent.lines;
  const head = meta === undefined ? [] : [meta];
  if (kind === 'history') return [...head, ...rest.slice(0, take * 2)];
  if (kind === 'events') return [...head, ...rest.filter(({ text }) => isKept(text))];
  const starts = rest.flatMap(({ text }, n) => (isTurnStart(text) ? [n] : []));
  const start = starts[Math.max(0, starts.length - 1 - (take % 3))] ?? 0;
  // The cut is behind the records that begin the turn, right before what its user said.
  const cut = rest.findIndex(({ text }, n) => n > start && text.includes('"role":"user"'));
  return [...head, ...rest.slice(cut < 0 ? rest.length : cut).filter(({ text }) => isKept(text))];
}

/** What a subagent is given of its parent's history: no calls, no context of turns. */
function isKept(text: string): boolean {
  return (
    !text.includes('"type":"turn_context"') &&
    (!text.includes('"response_item"') || text.includes('"role":"user"'))
  );
}

function isTurnStart(text: string): boolean {
  return text.includes('"task_started"');
}

function totalOf(text: string): CodexUsage | undefined {
  const found = /"total_token_usage":(\{[^}]*\})/.exec(text)?.[1];
  if (found === undefined) return undefined;
  const figures = JSON.parse(found) as { readonly [name: string]: number | undefined };
  return {
    input: figures['input_tokens'] ?? 0,
    cached: figures['cached_input_tokens'] ?? 0,
    cacheWrite: figures['cache_write_input_tokens'] ?? 0,
    output: figures['output_tokens'] ?? 0,
    reasoning: figures['reasoning_output_tokens'] ?? 0,
  };
}
