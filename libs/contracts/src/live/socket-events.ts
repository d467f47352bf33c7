import type { SessionList } from '../rest/session-list';
import type { Session } from '../rest/session';
import type { Delta } from './delta';
import type { Room } from './rooms';

/** Socket.IO namespace of the live interface. */
export const liveNamespace = '/live';

export interface SubscribeRequest {
  readonly room: Room;
  /** The revision the client already holds. */
  readonly revision?: string;
}

/** The fleet room's snapshot is the first page of the list, by last activity. */
export type FleetSnapshot = SessionList;

export type SubscribeAck =
  | { readonly revision: string; readonly snapshot: FleetSnapshot | Session }
  | { readonly revision: string; readonly upToDate: true }
  | { readonly error: { readonly status: number; readonly title: string } };

/** One typed event map for both ends of the socket. */
export interface ServerToClientEvents {
  delta: (delta: Delta) => void;
  'session:start': (payload: SessionEvent) => void;
  'session:update': (payload: SessionEvent) => void;
  'session:objective': (payload: SessionEvent & { objective: unknown }) => void;
  'session:tokens': (
    payload: SessionEvent & { tokens: Session['stats']['tokens']; cost: number | null },
  ) => void;
  'session:tool': (payload: SessionEvent & { tool: string; count: number }) => void;
  'session:complete': (payload: SessionEvent) => void;
  'session:error': (payload: SessionEvent & { error: string }) => void;
  'session:deleted': (payload: SessionEvent) => void;
  'screenshot:added': (payload: SessionEvent & { screenshot: unknown }) => void;
  'alert:raised': (payload: { alert: unknown; timestamp: string }) => void;
  stat_update: (payload: SessionEvent & { stats: Session['stats'] }) => void;
  new_message: (payload: SessionEvent & { message: unknown }) => void;
}
export interface SessionEvent {
  readonly sessionId: string;
  readonly timestamp: string;
}
export interface ClientToServerEvents {
  subscribe: (request: SubscribeRequest, ack: (answer: SubscribeAck) => void) => void;
  unsubscribe: (request: { readonly room: Room }, ack?: (answer: { readonly room: Room }) => void) => void;
}
