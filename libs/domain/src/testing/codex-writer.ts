import {
  execOutput,
  hex,
  noUsage,
  rateLimits,
  restamped,
  sum,
  timedId,
  tokenFields,
  type CodexUsage,
  type Fields,
} from './codex-fields';

/**
 * How a version of Codex writes: today's turns have ids; `items` and `both` tell messages as completed items;
 * `early` knows no turn ids; `bare` lines have no payload, no events and no counts.
 */
export type CodexStyle = 'today' | 'items' | 'both' | 'early' | 'bare';

export interface CodexSessionOptions {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly style?: CodexStyle;
  readonly cwd?: string;
  readonly branch?: string;
  readonly model?: string;
  /** Makes this session a fork. */
  readonly forkedFrom?: string;
  /** Makes this session a subagent's. */
  readonly parent?: string;
}

/** A line of a rollout and when it is written: for who plays it live. */
export interface CodexLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** Writes a rollout the way Codex does, with ids and times that follow from what was written before. */
export class CodexWriter {
  readonly lines: CodexLine[] = [];
  readonly style: CodexStyle;
  model: string;
  /** The cumulative total of the session's counter. */
  total: CodexUsage = noUsage;
  /** Counts of other counters than its own stand in it. */
  mixed = false;
  /** Of the last call alone. */
  last: CodexUsage = noUsage;
  private clock: number;
  private turns = 0;
  private written = 0;
  private turn: string | undefined;

  constructor(readonly options: CodexSessionOptions) {
    this.clock = options.startedAt;
    this.style = options.style ?? 'today';
    this.model = options.model ?? 'gpt-5.5';
  }

  /** Below a Codex home. */
  get path(): string {
    const stamp = new Date(this.options.startedAt).toISOString().slice(0, 19);
    const [year, month, day] = stamp.slice(0, 10).split('-');
    return `sessions/${year}/${month}/${day}/rollout-${stamp.replaceAll(':', '-')}-${this.options.id}.jsonl`;
  }

  /** Time goes by. */
  wait(ms: number): void {
    this.clock += ms;
  }

  /** At the beginning, and again when the session is resumed. */
  meta(): void {
    const { id, cwd = '/home/dev/shop', branch = 'main', forkedFrom, parent, startedAt } = this.options;
    const spawn = { parent_thread_id: parent, depth: 1, agent_nickname: 'Euler', agent_role: 'explorer' };
    const fields = {
      id,
      timestamp: new Date(startedAt).toISOString(),
      cwd,
      originator: 'codex_cli_rs',
      cli_version: '0.140.0',
      source: parent === undefined ? 'cli' : { subagent: { thread_spawn: spawn } },
      ...(forkedFrom === undefined ? {} : { forked_from_id: forkedFrom }),
      ...(parent === undefined ? {} : { parent_thread_id: parent }),
      model_provider: 'openai',
      git: { branch, commit_hash: '0'.repeat(40) },
    };
    if (this.style === 'bare') this.push(fields);
    else this.record('session_meta', fields);
  }

  startTurn(mode = 'default'): void {
    this.turn = timedId(this.clock, `${hex(++this.turns, 4)}${this.options.id.slice(-8)}`);
    if (this.style === 'bare') return;
    if (this.style !== 'early')
      this.event('task_started', { turn_id: this.turn, model_context_window: 258_400 });
    this.record('turn_context', {
      ...this.turnId(),
      cwd: this.options.cwd ?? '/home/dev/shop',
      approval_policy: 'on-request',
      sandbox_policy: { type: 'workspace-write' },
      model: this.model,
      effort: 'high',
      collaboration_mode: { mode, settings: {} },
    });
  }

  endTurn(how: 'complete' | 'abort'): void {
    if (this.style === 'bare') return;
    if (how === 'abort') this.event('turn_aborted', { ...this.turnId(), reason: 'interrupted' });
    else if (this.style !== 'early') this.event('task_complete', { ...this.turnId(), duration_ms: 12_000 });
  }

  prompt(text: string): void {
    this.item({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });
    if (this.style === 'bare') return;
    const content = [{ type: 'text', text, text_elements: [] }];
    if (this.style !== 'items') this.event('user_message', { message: text, images: [], local_images: [] });
    if (this.hasItems) this.event('item_completed', { item: { type: 'UserMessage', content } });
  }

  say(text: string): void {
    if (this.style !== 'items' && this.style !== 'bare')
      this.event('agent_message', { message: text, phase: 'commentary' });
    if (this.hasItems)
      this.event('item_completed', { item: { type: 'AgentMessage', content: [{ type: 'Text', text }] } });
    this.item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });
  }

  think(): void {
    this.item({ type: 'reasoning', summary: [], encrypted_content: '…' });
  }

  /** A call with its output; without one it was never answered. Gives back the call's id. */
  call(name: string, input: Fields, output?: string, id = this.nextCallId()): string {
    this.item({ type: 'function_call', name, arguments: JSON.stringify(input), call_id: id });
    if (output !== undefined) this.output('function_call_output', id, output);
    return id;
  }

  exec(cmd: string, output: string, exitCode = 0): void {
    this.call('exec_command', { cmd, workdir: this.options.cwd }, execOutput(output, exitCode));
  }

  patch(file: string, patch: string): void {
    const id = this.nextCallId();
    const input = `*** Begin Patch\n*** Update File: ${file}\n${patch}\n*** End Patch\n`;
    this.item({ type: 'custom_tool_call', status: 'completed', call_id: id, name: 'apply_patch', input });
    const stdout = `Success. Updated the following files:\nM ${file}`;
    if (this.style !== 'bare')
      this.event('patch_apply_end', { call_id: id, ...this.turnId(), stdout, stderr: '', success: true });
    this.output('custom_tool_call_output', id, `Exit code: 0\nWall time: 0 seconds\nOutput:\n${stdout}`);
  }

  mcp(server: string, tool: string, input: Fields, answer: string): void {
    const id = this.nextCallId();
    const call = { name: tool, namespace: `mcp__${server}`, arguments: JSON.stringify(input), call_id: id };
    this.item({ type: 'function_call', ...call });
    if (this.style !== 'bare')
      this.event('mcp_tool_call_end', {
        call_id: id,
        invocation: { server, tool, arguments: input },
        duration: { secs: 0, nanos: 585_000_000 },
        result: { Ok: { content: [{ type: 'text', text: answer }], isError: false } },
      });
    this.output('function_call_output', id, answer);
  }

  /** Searches have no id in all versions. */
  search(query: string): void {
    const action = { type: 'search', query };
    if (this.style !== 'bare') this.event('web_search_end', { call_id: `ws_${this.written}`, query, action });
    this.item({ type: 'web_search_call', status: 'completed', action });
  }

  plan(steps: readonly { readonly step: string; readonly status: string }[]): void {
    this.call('update_plan', { plan: steps }, 'Plan updated');
  }

  /** A call of the API ended. `unseen` was used before without a count of its own. */
  count(usage: CodexUsage, unseen: CodexUsage = noUsage): void {
    this.total = sum(this.total, sum(usage, unseen));
    this.last = usage;
    this.tokenCount(this.total, usage);
  }

  /** Says the last count once more: other limits, nothing used. */
  repeatCount(): void {
    this.tokenCount(this.total, this.last);
  }

  limits(usedPercent: number): void {
    if (this.style !== 'bare')
      this.event('token_count', { info: null, rate_limits: rateLimits(usedPercent, this.clock) });
  }

  /** Another counter than the session's own tells of its total. */
  otherCount(total: CodexUsage, last: CodexUsage): void {
    this.mixed = true;
    this.tokenCount(total, last);
  }

  /** The history is summed up; the last count is estimated anew, and the total stays. */
  compact(): void {
    if (this.style === 'bare') return;
    this.record('compacted', { message: 'Summary', replacement_history: [] });
    this.tokenCount(this.total, { ...noUsage, input: 900 });
    this.event('context_compacted', {});
  }

  /** The context was full: Codex notes that by a total of nothing but its size. */
  fill(): void {
    this.total = noUsage;
    this.last = noUsage;
    if (this.style === 'bare') return;
    const figures = { ...tokenFields(noUsage), total_tokens: 258_400 };
    this.event('token_count', { info: { total_token_usage: figures, last_token_usage: figures } });
  }

  error(message: string): void {
    if (this.style !== 'bare') this.event('error', { message, codex_error_info: 'other' });
  }

  /** Lines of another session as a fork repeats them: all at the time of the fork. */
  replay(lines: readonly CodexLine[]): void {
    for (const { text } of lines) this.lines.push({ at: this.clock, text: restamped(text, this.clock) });
  }

  raw(text: string): void {
    this.lines.push({ at: this.clock, text });
  }

  private get hasItems(): boolean {
    return this.style === 'items' || this.style === 'both';
  }

  private tokenCount(total: CodexUsage, last: CodexUsage): void {
    if (this.style === 'bare') return;
    const info = { total_token_usage: tokenFields(total), last_token_usage: tokenFields(last) };
    const used = Math.min(100, Math.floor(this.written / 3));
    this.event('token_count', {
      info: { ...info, model_context_window: 258_400 },
      rate_limits: rateLimits(used, this.options.startedAt),
    });
  }

  private output(type: string, id: string, output: string): void {
    this.item({ type, call_id: id, output });
  }

  private item(payload: Fields): void {
    const carried = this.style === 'early' || this.style === 'bare' ? {} : this.turnId();
    const metadata = Object.keys(carried).length > 0 ? { metadata: carried } : {};
    if (this.style === 'bare') this.push(payload);
    else this.record('response_item', { ...payload, ...metadata });
  }

  private event(type: string, payload: Fields): void {
    this.record('event_msg', { type, ...payload });
  }

  private record(type: string, payload: Fields): void {
    this.push({ type, payload });
  }

  private push(record: Fields): void {
    this.clock += 250;
    this.written++;
    const line = { timestamp: new Date(this.clock).toISOString(), ...record };
    this.lines.push({ at: this.clock, text: JSON.stringify(line) });
  }

  private turnId(): Fields {
    return this.style === 'early' || this.turn === undefined ? {} : { turn_id: this.turn };
  }

  private nextCallId(): string {
    return `call_${this.options.id.replaceAll('-', '').slice(0, 12)}${hex(this.written, 8)}`;
  }
}
