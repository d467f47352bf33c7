import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '@telltale/platform';
import type { TrackedFile } from '../tailing/tracked-file';
import type { FactLog } from './fact-log';
import type { Head } from './head';
import { toldHeads } from './told-heads';

/** Heads that are asked for one by one, at once. */
const asksAtOnce = 64;
const shortestPauseMs = 50;
const longestPauseMs = 30_000;
/** Readings that may break off before the heads are read without ingest. */
const mostBroken = 3;

export interface HeadsRequest {
  readonly connection: NatsConnection;
  readonly host: string;
  readonly log: Pick<FactLog, 'head'>;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** How long ingest is waited for before the heads are read without it. */
  readonly patienceMs: number;
}

export interface Heads {
  /** By subject. */
  readonly heads: ReadonlyMap<string, Head>;
  /** Also those of files that nobody here knows any more. */
  readonly complete: boolean;
}

type HeadedFile = Pick<TrackedFile, 'subject' | 'stat'>;

/**
 * The last fact of each of a host's subjects: all that a watcher remembers. Ingest tells all of them at once. Where it is
 * not there, those of the files that are here are read one by one, which takes the log alone.
 *
 * @throws the signal's reason
 */
export async function readHeads(request: HeadsRequest, files: readonly HeadedFile[]): Promise<Heads> {
  const deadline = Date.now() + request.patienceMs;
  const found = await told(request, () => Date.now() >= deadline);
  if (found !== undefined) return { heads: found, complete: true };
  return { heads: await oneByOne(request, files), complete: false };
}

/**
 * All heads, however long it takes until ingest tells them.
 *
 * @throws the signal's reason
 */
export async function readAllHeads(request: HeadsRequest): Promise<ReadonlyMap<string, Head>> {
  return (await told(request, () => false)) ?? new Map();
}

async function told(
  { connection, host, signal, logger }: HeadsRequest,
  isEnough: () => boolean,
): Promise<ReadonlyMap<string, Head> | undefined> {
  let broken = 0;
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    // A reading that broke off shows that ingest is there: it heals by reading again, but not for ever.
    const answer = await toldHeads(connection, host).catch((error: unknown) => ({
      told: undefined,
      problem: error instanceof Error ? error.message : String(error),
    }));
    if (answer.told) return answer.heads;
    if (answer.told === undefined) broken += 1;
    if (attempt % 20 === 0) logger.info('ingest does not tell the heads', { problem: answer.problem });
    if ((answer.told === false || broken >= mostBroken) && isEnough()) return undefined;
    const ms = Math.min(longestPauseMs, shortestPauseMs * 2 ** Math.min(attempt, 20));
    await delay(ms, undefined, { signal }).catch(() => undefined); // aborted: thrown above
  }
}

/**
 * A file's last fact comes with its body, and the log lies there in the order in which files changed: read in that
 * order, each of the log's blocks is unpacked once. What changed last comes first.
 */
async function oneByOne(
  { log, signal }: HeadsRequest,
  files: readonly HeadedFile[],
): Promise<ReadonlyMap<string, Head>> {
  const found = new Map<string, Head>();
  const waiting = [...files].sort((a, b) => (b.stat?.mtimeMs ?? 0) - (a.stat?.mtimeMs ?? 0)).values();
  const worker = async () => {
    for (const { subject } of waiting) {
      const head = await log.head(subject);
      signal.throwIfAborted();
      if (head) found.set(subject, head);
    }
  };
  await Promise.all(Array.from({ length: asksAtOnce }, worker));
  return found;
}
