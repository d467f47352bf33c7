import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { commandLine } from '@telltale/platform';

/** Who listens on a TCP port, for a message: `process 123 (node server.js)`. Undefined where the system does not tell. */
export function portOwner(port: number, proc = '/proc'): string | undefined {
  try {
    const sockets = [`${proc}/net/tcp`, `${proc}/net/tcp6`].flatMap((file) =>
      listeningSockets(read(file), port),
    );
    const pid =
      sockets.length > 0
        ? processWith(new Set(sockets.map((inode) => `socket:[${inode}]`)), proc)
        : undefined;
    if (pid === undefined) return undefined;
    return `process ${pid} (${(commandLine(pid) ?? '').slice(0, 80)})`;
  } catch {
    return undefined; // no /proc: not Linux
  }
}

/** The inode numbers of sockets that listen there, from the kernel's table: local address is field 2, state 4, inode 10. */
export function listeningSockets(table: string, port: number): string[] {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(local) && fields[3] === '0A')
    .flatMap((fields) => fields[9] ?? []);
}

function processWith(sockets: ReadonlySet<string>, proc: string): number | undefined {
  const pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  return pids.map(Number).find((pid) => openFiles(`${proc}/${pid}/fd`).some((target) => sockets.has(target)));
}

/** Empty for a process of somebody else's. */
function openFiles(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => {
      try {
        return readlinkSync(`${folder}/${name}`);
      } catch {
        return ''; // closed just now
      }
    });
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
