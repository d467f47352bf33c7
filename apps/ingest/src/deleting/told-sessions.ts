import { factKindOf, parseFactHeaders, parseFactSubject } from '@telltale/contracts';
import { decoderOf, type DecoderState, type FileContext, type SourceDecoder } from '@telltale/domain';
import type { FactMessage } from '@telltale/platform';
import { linesOf } from '../projecting/file-lines';

/** Sessions that a fact tells of. Empty where that cannot be told: a part of a line, what cannot be read. */
export interface Told {
  /** By the fact alone: a document says all by itself. */
  readonly alone: readonly string[];
  /** By what the facts before it left behind: a line may leave out whom it speaks of, or say that another is left. */
  readonly inOrder: readonly string[];
}

const nothing: Told = { alone: [], inOrder: [] };

/** Which sessions each fact of one file tells of, read in order. */
export class ToldSessions {
  private generation = '';
  private state: DecoderState = {};

  of(fact: FactMessage): Told {
    const headers = parseFactHeaders((name) => fact.header(name));
    const subject = parseFactSubject(fact.subject);
    if (!headers.ok || subject === undefined) return nothing;
    const { type, part, path, root, generation } = headers.attributes;
    const kind = factKindOf(type);
    const decoder = decoderOf(subject.source);
    if (kind === undefined || decoder === undefined || part !== undefined) return nothing;
    const context = { source: subject.source, host: subject.host, path, root, fact: kind };
    if (generation !== this.generation) {
      this.generation = generation;
      this.state = decoder.initialState(context);
    }
    const alone = sessionsOf(fact, { decoder, context, state: decoder.initialState(context) });
    return { alone, inOrder: sessionsOf(fact, { decoder, context, state: this.state }) };
  }
}

function sessionsOf(
  fact: FactMessage,
  { decoder, context, state }: { decoder: SourceDecoder; context: FileContext; state: DecoderState },
): string[] {
  const sessions = new Set<string>();
  for (const { text, line, offset } of linesOf(fact.body)) {
    const sink: Parameters<SourceDecoder['decodeLine']>[4] = [];
    const outcome = decoder.decodeLine(state, text, context, { sequence: fact.sequence, line, offset }, sink);
    if (!outcome.ok) return [];
    for (const named of decoder.sessionsNamed?.(text, context) ?? []) sessions.add(named);
    for (const { sessionId } of sink) sessions.add(sessionId);
  }
  return [...sessions];
}
