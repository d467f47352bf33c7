import { homedir, hostname } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';

/** Fields that several programs read from the environment; see {@link readEnvironment}. */

/** One server or a comma list of them, each `nats://[user:password@]host[:port]` or `tls://…`. */
export const natsUrl = z
  .string()
  .refine(
    (text) => text.split(',').every((part) => hasProtocol(part.trim(), ['nats:', 'tls:'])),
    'not a NATS URL',
  )
  .describe('the NATS server, for example nats://user:password@127.0.0.1:4222');

export const databaseUrl = z
  .string()
  .refine((text) => hasProtocol(text, ['postgres:', 'postgresql:']), 'not a PostgreSQL URL')
  .describe('the PostgreSQL database, for example postgres://user:password@127.0.0.1:5432/telltale');

/** 0 lets the system pick a free port. */
export const port = z.coerce
  .number({ error: 'not a number' })
  .int('not a whole number')
  .min(0, 'below 0')
  .max(65535, 'above 65535')
  .describe('a port from 0 to 65535');

/** Where state is kept: an absolute path; `~` is the user's home folder. */
export const telltaleHome = z
  .string()
  .default('~/.telltale')
  .transform((path) => absolutePath(path))
  .describe('a folder that Telltale may write to');

/** As long as the name of a host in DNS may be. */
const longestHostName = 253;

/**
 * This machine's name in facts. It stands, percent-encoded, in the subjects of NATS, more than once in what a client
 * sends: beyond 4 KiB of that the server ends the connection.
 */
export const hostName = z
  .string()
  .default(() => hostname())
  .pipe(
    z
      .string()
      .min(1)
      .refine((name) => name.isWellFormed(), 'no proper text')
      .refine((name) => Buffer.byteLength(name) <= longestHostName, `above ${longestHostName} bytes`),
  )
  .describe("this machine's name");

/** What tells the replicas of a service apart: a host's name may be a part of it. */
export const instanceName = z
  .string()
  .min(1)
  .max(longestHostName + 47)
  .describe("this replica's name");

/** Comma-separated values; blanks around them and empty ones are dropped. */
export const commaList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .describe('a comma-separated list');

/** `~` and relative paths made absolute. */
export function absolutePath(path: string): string {
  if (path === '~') return homedir();
  if (path.startsWith('~/')) return join(homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(path);
}

function hasProtocol(text: string, protocols: readonly string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
