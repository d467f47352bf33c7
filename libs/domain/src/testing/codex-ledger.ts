import { noUsage, type CodexUsage } from './codex-fields';

/** What was done in a session, noted as it is done: what counting its files must come to. */
export interface CodexDeeds {
  prompts: number;
  answers: number;
  toolErrors: number;
  errors: number;
  compactions: number;
  readonly tools: Map<string, number>;
  readonly models: Map<string, CodexUsage>;
}

export class CodexLedger {
  readonly sessions = new Map<string, CodexDeeds>();
  malformed = 0;
  private numbers = 0;

  of(id: string): CodexDeeds {
    const known = this.sessions.get(id) ?? {
      prompts: 0,
      answers: 0,
      toolErrors: 0,
      errors: 0,
      compactions: 0,
      tools: new Map<string, number>(),
      models: new Map<string, CodexUsage>(),
    };
    this.sessions.set(id, known);
    return known;
  }

  tool(id: string, name: string): void {
    const { tools } = this.of(id);
    tools.set(name, (tools.get(name) ?? 0) + 1);
  }

  used(id: string, model: string, usage: CodexUsage): void {
    const { models } = this.of(id);
    const known = models.get(model) ?? noUsage;
    models.set(model, {
      input: known.input + usage.input,
      cached: known.cached + usage.cached,
      cacheWrite: known.cacheWrite + usage.cacheWrite,
      output: known.output + usage.output,
      reasoning: known.reasoning + usage.reasoning,
    });
  }

  /** No two calls of the API come to exactly the same figures. */
  distinct(usage: CodexUsage): CodexUsage {
    return { ...usage, input: usage.input + this.next() * 1_000_003 };
  }

  next(): number {
    return ++this.numbers;
  }
}
