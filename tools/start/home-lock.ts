import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { startTime } from '@telltale/platform';
import { z } from 'zod';

const ownerSchema = z.object({ pid: z.number().int(), started: z.string() });
export type Owner = z.infer<typeof ownerSchema>;

export type Lock =
  | { readonly kind: 'held'; /** The last owner was killed. */ readonly tookOver: boolean; release(): void }
  | { readonly kind: 'taken'; readonly owner: Owner };

/** One Telltale a home. A lock whose owner is gone is taken over. */
export function lockHome(file: string, pid = process.pid): Lock {
  const mine = JSON.stringify({ pid, started: startTime(pid) ?? '' } satisfies Owner);
  let tookOver = false;
  for (;;) {
    if (create(file, mine)) return { kind: 'held', tookOver, release: () => release(file, mine) };
    const content = read(file);
    if (content === undefined) continue; // released just now
    const owner = parse(content);
    if (owner && startTime(owner.pid) === owner.started) return { kind: 'taken', owner };
    takeAway(file, content, pid);
    tookOver = true;
  }
}

function create(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moved aside first, and looked at: between reading and moving another start may have taken it over. */
function takeAway(file: string, content: string, pid: number): void {
  const aside = `${file}.${pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another start was quicker
  }
  if (read(aside) === content) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

function release(file: string, mine: string): void {
  if (read(file) === mine) rmSync(file, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Half a file, from a start that was cut off, has no owner. */
function parse(content: string): Owner | undefined {
  try {
    return ownerSchema.safeParse(JSON.parse(content)).data;
  } catch {
    return undefined;
  }
}
