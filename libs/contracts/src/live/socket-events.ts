import { z } from 'zod';
import type { NewMessageFrame, StatFrame } from '../earlier/live-stats';
import type { Alert } from '../rest/alerts';
import type { Message } from '../rest/message';
import type { Objective, Session } from '../rest/session';
import type { SessionList } from '../rest/session-list';
import type { Screenshot } from '../rest/test-run';
import type { Status, Tokens } from '../vocabulary';
import type { Delta } from './delta';
import { roomSchema, type Room } from './rooms';

/** Socket.IO namespace of the live interface. */
export const liveNamespace = '/live';

export const subscribeRequestSchema = z.object({
  room: roomSchema,
  /** The revision the client already holds. */
  revision: z.string().max(200).optional(),
});
export type SubscribeRequest = Readonly<z.infer<typeof subscribeRequestSchema>>;

export const unsubscribeRequestSchema = z.object({ room: roomSchema });
export type UnsubscribeRequest = Readonly<z.infer<typeof unsubscribeRequestSchema>>;

/** The fleet room's snapshot is the first page of the list, by last activity. */
export type FleetSnapshot = SessionList;

export interface SubscribeRefusal {
  readonly error: { readonly status: number; readonly title: string };
}

export type SubscribeAck =
  | { readonly revision: string; readonly snapshot: FleetSnapshot | Session }
  | { readonly revision: string; readonly upToDate: true }
  | SubscribeRefusal;

/** One typed event map for both ends of the socket. What is not `delta` is in the words of the earlier systems. */
export interface ServerToClientEvents {
  delta: (delta: Delta) => void;
  'session:start': (payload: SessionEvent & SessionOutline) => void;
  /** What of the outline changed. */
  'session:update': (payload: SessionEvent & Partial<SessionOutline>) => void;
  'session:objective': (payload: SessionEvent & { readonly objective: Objective }) => void;
  'session:tokens': (
    payload: SessionEvent & { readonly tokens: Tokens; readonly cost: number | null },
  ) => void;
  'session:tool': (payload: SessionEvent & { readonly tool: string; readonly count: number }) => void;
  'session:complete': (payload: SessionEvent & { readonly status: 'completed' | 'failed' }) => void;
  'session:error': (payload: SessionEvent & { readonly error: string }) => void;
  'session:deleted': (payload: SessionEvent) => void;
  'screenshot:added': (payload: SessionEvent & { readonly screenshot: Screenshot }) => void;
  'alert:raised': (payload: { readonly alert: Alert; readonly timestamp: string }) => void;
  /** One for each of the four figures that changed. */
  stat_update: (payload: SessionEvent & StatFrame) => void;
  new_message: (
    payload: SessionEvent &
      Omit<NewMessageFrame, 'message'> & { readonly message: Message & NewMessageFrame['message'] },
  ) => void;
}

export interface SessionEvent {
  readonly sessionId: string;
  readonly timestamp: string;
}

/** What the earlier dashboards showed in a session's line. */
export interface SessionOutline {
  readonly projectName: string | null;
  readonly phase: string | null;
  readonly model: string | null;
  readonly startTime: string | null;
  readonly status: Status | null;
  readonly title: string | null;
}

export interface ClientToServerEvents {
  subscribe: (request: SubscribeRequest, ack: (answer: SubscribeAck) => void) => void;
  unsubscribe: (
    request: UnsubscribeRequest,
    ack?: (answer: { readonly room: Room } | SubscribeRefusal) => void,
  ) => void;
}
