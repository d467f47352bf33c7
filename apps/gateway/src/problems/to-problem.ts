import { HttpException } from '@nestjs/common';
import type { Problem } from '@telltale/contracts';
import { problem, ProblemException } from './problem';

export interface ProblemAnswer {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;
  /** Nobody foresaw this one: it belongs into the log. */
  readonly unexpected: boolean;
}

/** What the client is told of an error. Of an unexpected one nothing but that it happened. */
export function toProblem(error: unknown): ProblemAnswer {
  if (error instanceof ProblemException)
    return { problem: error.problem, headers: error.headers, unexpected: false };
  if (error instanceof HttpException) return ofStatus(error.getStatus(), withoutQuery(error.message));
  const status = clientErrorStatus(error);
  if (status !== undefined) return ofStatus(status, messageOf(error));
  if (isDatabaseAway(error)) {
    const answer = problem(503, 'The database does not answer. Try again in a moment.');
    return { problem: answer, headers: { 'retry-after': '1' }, unexpected: true };
  }
  if (codeOf(error) === unstorableText)
    return ofStatus(400, 'A value holds characters that no text may hold.');
  return { problem: problem(500), headers: {}, unexpected: true };
}

/** Nest repeats the address of an unknown route; its query may hold a token. */
function withoutQuery(message: string): string {
  return message.replace(/^(Cannot [A-Z]+ [^?]*)\?.*$/s, '$1');
}

function ofStatus(status: number, detail: string): ProblemAnswer {
  const known = status >= 400 && status < 500;
  return { problem: known ? problem(status, detail) : problem(status), headers: {}, unexpected: !known };
}

/** Express and its body parsers throw errors that carry a status: broken JSON, a body too large, a bad escape. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}

/** Postgres' "character not in repertoire": a NUL, most often. */
const unstorableText = '22021';

/** SQLSTATE classes 08 (connection), 53 (resources), 57 (operator intervention); Node's own network errors. */
const databaseAway = /^(08|53|57)...$|^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
const connectionMessages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/;

export function isDatabaseAway(error: unknown): boolean {
  const code = codeOf(error);
  return (code !== undefined && databaseAway.test(code)) || connectionMessages.test(messageOf(error));
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
