import { storableId } from '../reading/text';

/** Ids of sessions hold no slash: where the session ends and the client's key begins is plain. */
function within(sessionId: string, key: string): string {
  return `${sessionId}/${storableId(key)}`;
}

/** Keys are the client's own ids, within its session. */
export function promptKey(sessionId: string, id: string): string {
  return `p:${within(sessionId, id)}`;
}

/** Also names the message's usage. */
export function messageKey(sessionId: string, id: string): string {
  return `m:${within(sessionId, id)}`;
}

/** Of the error that a session ended with. */
export function errorKey(sessionId: string, id: string): string {
  return `e:${within(sessionId, id)}`;
}

/** A call by its own id, so that a result finds it; else by its message's. */
export function toolKey(sessionId: string, messageId: string, callId: string | undefined): string {
  return `t:${within(sessionId, callId === undefined ? `m:${messageId}` : `c:${callId}`)}`;
}
