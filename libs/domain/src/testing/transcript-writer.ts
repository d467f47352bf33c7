import type { ToolPlan, TurnPlan } from './plan';

/** A transcript being written: its path below the root, and its lines without newlines. */
export interface TranscriptFile {
  readonly path: string;
  readonly lines: string[];
}

type RecordFields = { readonly [field: string]: unknown };

/** Writes records the way Claude Code does, with ids and times that follow from what was written before. */
export class TranscriptWriter {
  readonly file: TranscriptFile;
  private written = 0;
  private parent: string | null = null;

  constructor(
    path: string,
    private readonly sessionId: string,
    private clock: number,
    private readonly agentId: string | null = null,
  ) {
    this.file = { path, lines: [] };
  }

  prompt(text: string, inBlocks: boolean): void {
    this.conversation('user', {
      message: { role: 'user', content: inBlocks ? [{ type: 'text', text }] : text },
    });
  }

  /** Writes a streamed answer with its tool results; gives back the records, for progress records to carry. */
  turn(plan: TurnPlan, messageId: string, requestId: string): RecordFields[] {
    const blocks = blocksOf(plan, messageId);
    const records = blocks.map((block, n) =>
      this.assistant(plan, block, { messageId, requestId, n, of: blocks.length }),
    );
    const results = plan.tools.flatMap((tool, n) =>
      tool.answered ? [this.result(tool, toolId(messageId, n))] : [],
    );
    return [...records, ...results];
  }

  state(type: string): void {
    const n = ++this.written;
    const fields: { readonly [type: string]: RecordFields } = {
      'ai-title': { aiTitle: `Title ${n}` },
      mode: { mode: 'normal' },
      'permission-mode': { permissionMode: n % 2 ? 'plan' : 'acceptEdits' },
      'pr-link': {
        prNumber: n,
        prUrl: `https://example.org/pull/${n}`,
        prRepository: 'a/b',
        timestamp: this.tick(),
      },
      summary: { summary: `Summary ${n}`, leafUuid: 'leaf' },
      'cost-state': { totalCostUSD: n / 8 },
    };
    this.push({ type, ...fields[type], sessionId: this.sessionId });
  }

  notice(
    kind:
      'command' | 'interruption' | 'compaction' | 'api-error' | 'synthetic' | 'turn-duration' | 'attachment',
  ): void {
    switch (kind) {
      case 'command':
        return void this.conversation('user', {
          message: { content: '<command-name>/clear</command-name>' },
        });
      case 'interruption':
        return void this.conversation('user', {
          message: { content: [{ type: 'text', text: '[Request interrupted by user]' }] },
        });
      case 'synthetic':
        return void this.conversation('assistant', {
          message: {
            id: `synthetic${this.written}`,
            model: '<synthetic>',
            content: [{ type: 'text', text: 'Limit reached' }],
            usage: usageOf(0, 9),
          },
          isApiErrorMessage: true,
        });
      case 'attachment':
        return void this.conversation('attachment', { attachment: { type: 'task_reminder', content: [] } });
      default:
        return void this.conversation('system', {
          subtype: kind.replace('compaction', 'compact_boundary').replace('-', '_'),
        });
    }
  }

  todos(done: number, open: number, name: string): void {
    const todo = (status: string) => (_: unknown, n: number) => ({
      content: `${status} ${n}`,
      status,
      activeForm: `Doing ${n}`,
    });
    const todos = [
      ...Array.from({ length: done }, todo('completed')),
      ...Array.from({ length: open }, todo('pending')),
    ];
    const use = { type: 'tool_use', id: `toolu_${name}todos`, name: 'TodoWrite', input: { todos } };
    this.conversation('assistant', {
      message: { id: `msg_${name}todos`, model: 'claude-opus-4-6', content: [use] },
    });
  }

  launchAgent(agentId: string): string {
    const id = `toolu_${agentId}`;
    const use = {
      type: 'tool_use',
      id,
      name: 'Task',
      input: { description: `Look into ${agentId}`, subagent_type: 'Explore', prompt: '…' },
    };
    this.conversation('assistant', {
      message: { id: `msg_${agentId}`, model: 'claude-opus-4-6', content: [use] },
    });
    return id;
  }

  agentDone(agentId: string, toolUseId: string): void {
    this.conversation('user', {
      message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: toolUseId, content: 'found' }] },
      toolUseResult: { status: 'completed', agentId, totalDurationMs: 1234 },
    });
  }

  agentFile(agentId: string, layout: 'own-file' | 'old-file' | 'own-file-and-progress'): TranscriptWriter {
    const folder = this.file.path.slice(0, this.file.path.lastIndexOf('/'));
    const path =
      layout === 'old-file'
        ? `${folder}/agent-${agentId}.jsonl`
        : `${folder}/${this.sessionId}/subagents/agent-${agentId}.jsonl`;
    return new TranscriptWriter(path, this.sessionId, this.clock, agentId);
  }

  progress(
    records: readonly RecordFields[],
    { agentId, toolUseId }: { agentId: string; toolUseId: string },
  ): void {
    for (const { type, message, requestId, uuid, timestamp, toolUseResult } of records) {
      const carried = { type, message, requestId, uuid, timestamp, toolUseResult };
      this.conversation('progress', {
        data: { type: 'agent_progress', agentId, message: carried },
        parentToolUseID: toolUseId,
      });
    }
  }

  /** A subagent's turn that stands nowhere but in progress records. */
  progressTurn(
    plan: TurnPlan,
    ids: readonly [string, string],
    agent: { agentId: string; toolUseId: string },
  ): void {
    this.progress(
      new TranscriptWriter('', this.sessionId, this.clock, agent.agentId).turn(plan, ...ids),
      agent,
    );
  }

  /** History copied as --fork-session does: uuids and message ids kept, the session renamed. */
  copyFrom(other: TranscriptFile, lines: number, saysSo: boolean): void {
    for (const line of other.lines.slice(0, lines))
      this.file.lines.push(renamed(line, this.sessionId, saysSo));
    this.written = lines;
  }

  private assistant(
    plan: TurnPlan,
    block: RecordFields,
    at: { messageId: string; requestId: string; n: number; of: number },
  ): RecordFields {
    const isLast = at.n === at.of - 1;
    const states = plan.requestId === 'stated' || (plan.requestId === 'on-last-line-missing' && !isLast);
    const message = {
      ...(plan.nameless ? {} : { id: at.messageId }),
      role: 'assistant',
      model: plan.model,
      content: [block],
      stop_reason: isLast && plan.ends ? 'end_turn' : null,
      usage: streamedUsage(plan, isLast ? plan.output : Math.floor((plan.output * (at.n + 1)) / (at.of + 1))),
    };
    return this.conversation('assistant', { ...(states ? { requestId: at.requestId } : {}), message });
  }

  private result(tool: ToolPlan, id: string): RecordFields {
    const content = [
      {
        type: 'tool_result',
        tool_use_id: id,
        content: tool.fails ? 'Exit code 1' : 'ok',
        is_error: tool.fails,
      },
    ];
    return this.conversation('user', {
      message: { role: 'user', content },
      toolUseResult: { durationMs: 12 },
    });
  }

  private conversation(type: string, fields: RecordFields): RecordFields {
    const uuid = `${this.sessionId}-${this.agentId ?? 'main'}-${++this.written}-${this.clock}`;
    const record = {
      parentUuid: this.parent,
      isSidechain: this.agentId !== null,
      cwd: '/home/dev/shop',
      sessionId: this.sessionId,
      version: '2.1.70',
      gitBranch: 'main',
      ...(this.agentId === null ? {} : { agentId: this.agentId }),
      type,
      ...fields,
      uuid,
      timestamp: this.tick(),
    };
    this.parent = uuid;
    this.push(record);
    return record;
  }

  private push(record: RecordFields): void {
    this.file.lines.push(JSON.stringify(record));
  }

  private tick(): string {
    this.clock += 750;
    return new Date(this.clock).toISOString();
  }
}

function blocksOf(plan: TurnPlan, messageId: string): RecordFields[] {
  const said = plan.says.map((type) =>
    type === 'text' ? { type, text: 'Let me look.' } : { type, thinking: 'Hm.' },
  );
  const uses = plan.tools.map(({ name }, n) => ({
    type: 'tool_use',
    id: toolId(messageId, n),
    name,
    input: { command: 'npm test', file_path: '/home/dev/shop/src/cart.ts', pattern: 'retry' },
  }));
  const blocks = [...said, ...uses];
  return blocks.length > 0 ? blocks : [{ type: 'text', text: 'Done.' }];
}

function toolId(messageId: string, n: number): string {
  return `toolu_${messageId}_${n}`;
}

function streamedUsage(plan: TurnPlan, output: number): RecordFields {
  return {
    input_tokens: plan.input,
    output_tokens: output,
    cache_creation_input_tokens: plan.cacheWrite,
    cache_read_input_tokens: plan.cacheRead,
    ...(plan.breakdown === 'flat'
      ? {}
      : {
          cache_creation: {
            ephemeral_5m_input_tokens: plan.breakdown === '5m' ? plan.cacheWrite : 0,
            ephemeral_1h_input_tokens: plan.breakdown === '1h' ? plan.cacheWrite : 0,
          },
        }),
    ...(plan.speed === null ? {} : { speed: plan.speed }),
    server_tool_use: { web_search_requests: plan.input % 5 === 0 ? 1 : 0 },
  };
}

function usageOf(input: number, output: number): RecordFields {
  return { input_tokens: input, output_tokens: output };
}

function renamed(line: string, sessionId: string, saysSo: boolean): string {
  try {
    const record = JSON.parse(line) as unknown;
    if (typeof record !== 'object' || record === null || Array.isArray(record)) return line;
    const fork =
      saysSo && 'uuid' in record
        ? { forkedFrom: { sessionId: 'sessionId' in record ? record.sessionId : null } }
        : {};
    return JSON.stringify({ ...record, ...('sessionId' in record ? { sessionId } : {}), ...fork });
  } catch {
    return line; // a malformed line is copied as it is
  }
}
