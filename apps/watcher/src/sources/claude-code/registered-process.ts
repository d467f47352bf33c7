import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { z } from 'zod';

/** A process as its registry file tells of it. */
export interface RegisteredProcess {
  readonly pid: number;
  /** Linux: its start in clock ticks since boot, as in `/proc/<pid>/stat`. */
  readonly procStart: string | undefined;
  /** Where the pid means something: `linux:<machine id>:pid:[<namespace>]`. */
  readonly pidDomain: string | undefined;
}

/** `unknown`: the pid belongs to another container or machine, where nothing can be seen of it. */
export type Liveness = 'alive' | 'dead' | 'other-process' | 'unknown';

const schema = z.object({
  pid: z.number().int().positive(),
  procStart: z.string().optional().catch(undefined),
  pidDomain: z.string().optional().catch(undefined),
});

/** Undefined where the text is no registry file. */
export function parseProcess(text: string): RegisteredProcess | undefined {
  try {
    const { data } = schema.safeParse(JSON.parse(text));
    return data && { pid: data.pid, procStart: data.procStart, pidDomain: data.pidDomain };
  } catch {
    return undefined; // half written
  }
}

export function livenessOf(registered: RegisteredProcess, domain: PidDomain = ownDomain()): Liveness {
  if (!isVisible(registered.pidDomain, domain)) return 'unknown';
  const { pid, procStart } = registered;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!isDenied(error)) return 'dead';
  }
  const started = startOf(pid);
  // A pid is given again: what bears it now may be a stranger.
  const isOther = procStart !== undefined && started !== undefined && started !== procStart;
  return isOther ? 'other-process' : 'alive';
}

/** What this process sees of others. */
export interface PidDomain {
  readonly machine: string | undefined;
  readonly namespace: string | undefined;
  readonly isContainer: boolean;
}

let own: PidDomain | undefined;

function ownDomain(): PidDomain {
  own ??= {
    machine: attempt(() => readFileSync('/etc/machine-id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    isContainer: existsSync('/.dockerenv') || process.env['KUBERNETES_SERVICE_HOST'] !== undefined,
  };
  return own;
}

/** Older versions do not name their domain: then a watcher in a container, which sees none but its own, says nothing. */
function isVisible(pidDomain: string | undefined, { machine, namespace, isContainer }: PidDomain): boolean {
  if (pidDomain === undefined) return !isContainer;
  const match = /^linux:([^:]*):(pid:\[\d+\])$/.exec(pidDomain);
  if (match === null) return process.platform !== 'linux';
  const isSameMachine = machine === undefined || match[1] === machine;
  return isSameMachine && (namespace === undefined || match[2] === namespace);
}

/** Field 22 of `/proc/<pid>/stat`: behind the name, which may hold blanks and brackets. Undefined on other systems. */
function startOf(pid: number): string | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // not there on this system
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPERM';
}
