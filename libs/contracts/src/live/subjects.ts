import { subjectToken } from '../facts/subjects';

export const liveFleetSubject = 'telltale.live.fleet';
/** Deltas of sessions that were deleted for good, beside their rooms': for whoever keeps something of sessions. */
export const liveDeletedSubject = 'telltale.live.deleted';
export const liveSessionSubjects = 'telltale.live.session.*';

/** Where one session's deltas are published. */
export function liveSessionSubject(sessionId: string): string {
  return `telltale.live.session.${subjectToken(sessionId)}`;
}

/** Alerts of every kind. */
export const alertSubjects = 'telltale.alerts.>';

/** Where alerts of one kind are published. */
export function alertSubject(kind: string): string {
  return `telltale.alerts.${subjectToken(kind)}`;
}
