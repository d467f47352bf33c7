import { subjectToken } from '../facts/subjects';

export const liveFleetSubject = 'telltale.live.fleet';
export const liveSessionSubjects = 'telltale.live.session.*';

export function liveSessionSubject(sessionId: string): string {
  return `telltale.live.session.${subjectToken(sessionId)}`;
}

export function alertSubject(kind: string): string {
  return `telltale.alerts.${subjectToken(kind)}`;
}
