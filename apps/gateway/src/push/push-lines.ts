import type {
  FactType,
  PushedLine,
  PushEndRequest,
  PushMessage,
  PushSessionRequest,
  SessionDeletedLine,
} from '@telltale/contracts';
import { randomUUID } from 'node:crypto';

/** What a request comes to: one fact, whose time is told when it is published. */
export interface PushedFact {
  readonly type: FactType;
  /** @param at ISO 8601 */
  lines(at: string): readonly (PushedLine | SessionDeletedLine)[];
}

export function sessionFact({ user, title, project, model }: PushSessionRequest): PushedFact {
  return {
    type: 'telltale.session.reported.v1',
    lines: (at) => [{ kind: 'session', at, user, title, project, model }],
  };
}

/** Keys are given here, once: however often the fact is tried, its messages keep them. */
export function messagesFact(messages: readonly PushMessage[]): PushedFact {
  const keyed = messages.map(({ idempotencyKey, message, ...said }) => ({
    id: idempotencyKey ?? randomUUID(),
    text: message,
    ...said,
  }));
  return {
    type: 'telltale.session.reported.v1',
    lines: (at) => keyed.map((message) => ({ kind: 'message', at, ...message })),
  };
}

export function endFact({ status, reason }: PushEndRequest): PushedFact {
  const id = randomUUID();
  return {
    type: 'telltale.session.ended.v1',
    lines: (at) => [{ kind: 'end', at, id, status: status ?? 'completed', reason }],
  };
}
