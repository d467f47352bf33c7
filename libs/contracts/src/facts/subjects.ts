import { stableHash } from '../hash';
import type { Source } from '../vocabulary';

/** For ever: the partition is part of every fact's subject. */
export const partitionCount = 16;

export const factsSubjectRoot = 'telltale.facts';

/** A name as one subject token: everything outside `[A-Za-z0-9_-]` percent-encoded, so that no name can add a token or a wildcard. */
export function subjectToken(name: string): string {
  return encodeURIComponent(name).replace(
    /[.!~*'()]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The name behind a token of {@link subjectToken}. */
export function fromSubjectToken(token: string): string {
  return decodeURIComponent(token);
}

/** The partition of an ordering key: the session where the path tells it, else the store or file. */
export function partitionOf(orderingKey: string): number {
  return Number.parseInt(stableHash(orderingKey).slice(0, 8), 16) % partitionCount;
}

export interface FactSubject {
  readonly partition: number;
  readonly source: Source;
  readonly host: string;
  /** 16 hex digits: {@link stableHash} of the file's path, or of the session in a document store. */
  readonly file: string;
}

/** `telltale.facts.<partition>.<source>.<host token>.<file>`. */
export function factSubject(subject: FactSubject): string {
  return `${factsSubjectRoot}.${subject.partition}.${subject.source}.${subjectToken(subject.host)}.${subject.file}`;
}

/** Undefined where the subject is not one of ours. */
export function parseFactSubject(subject: string): FactSubject | undefined {
  const [telltale, facts, partition, source, host, file, ...rest] = subject.split('.');
  if (telltale !== 'telltale' || facts !== 'facts' || !host || !file || rest.length > 0) return undefined;
  const number = Number(partition);
  if (!Number.isInteger(number) || number < 0 || number >= partitionCount) return undefined;
  try {
    return { partition: number, source: source as Source, host: fromSubjectToken(host), file };
  } catch {
    return undefined; // a malformed percent escape: somebody else's subject
  }
}

/** All facts of one partition. */
export function partitionFilter(partition: number): string {
  return `${factsSubjectRoot}.${partition}.>`;
}

/** Every fact of one host, of all sources or of one: what a watcher reads back to resume. */
export function hostFilter(host: string, source: Source | '*' = '*'): string {
  return `${factsSubjectRoot}.*.${source}.${subjectToken(host)}.>`;
}
