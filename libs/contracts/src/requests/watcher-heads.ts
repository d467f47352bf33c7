import { z } from 'zod';
import { fromSubjectToken, subjectToken } from '../facts/subjects';

const requestRoot = 'telltale.requests.ingest.heads';
const headsRoot = 'telltale.heads';

/** Ingest tells a watcher the heads of its host: the last fact of each of its subjects, headers only. */
export const headsRequestSubjects = `${requestRoot}.*`;

/** The host is in the subject: a watcher may ask for its own. */
export function headsRequestSubject(host: string): string {
  return `${requestRoot}.${subjectToken(host)}`;
}

/** Whose heads are asked for; undefined where the subject is not one of ours. */
export function parseHeadsRequestSubject(subject: string): string | undefined {
  if (!subject.startsWith(`${requestRoot}.`)) return undefined;
  try {
    const host = fromSubjectToken(subject.slice(requestRoot.length + 1));
    return headsRequestSubject(host) === subject && host !== '' ? host : undefined;
  } catch {
    return undefined; // a malformed percent escape
  }
}

/** Where the heads come: `telltale.heads.<host>.<reading>`, as JetStream delivers them. */
export function headsSubject(host: string, reading: string): string {
  return `${headsRoot}.${subjectToken(host)}.${reading}`;
}

/** All readings of one host. */
export function hostHeadsFilter(host: string): string {
  return `${headsRoot}.${subjectToken(host)}.>`;
}

/** `reading`: a name that the watcher made up, and under which it listens already. */
export const headsRequestSchema = z.object({ reading: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/) });
export type HeadsRequest = z.infer<typeof headsRequestSchema>;

/** How many heads are on their way, or why none are. */
export const headsAnswerSchema = z.union([
  z.object({ heads: z.number().int().nonnegative() }),
  z.object({ problem: z.string() }),
]);
export type HeadsAnswer = z.infer<typeof headsAnswerSchema>;
