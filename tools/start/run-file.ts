import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const runFileName = 'run.json';

const environmentSchema = z.record(z.string(), z.string());

/** What others need to know of a running Telltale. Holds passwords: for its owner's eyes only. */
export const runFileSchema = z.object({
  pid: z.number().int(),
  startedAt: z.string(),
  url: z.string(),
  /** The servers with all rights: for whoever looks after them. */
  operator: environmentSchema,
  /** What each service is started with, beside what it inherits. */
  environment: z.record(z.string(), environmentSchema),
  /** Prints another sign-in link. */
  signIn: z.object({ file: z.string(), args: z.array(z.string()), cwd: z.string(), env: environmentSchema }),
});
export type RunFile = z.infer<typeof runFileSchema>;

export function writeRunFile(home: string, content: RunFile): void {
  const file = join(home, runFileName);
  writeFileSync(`${file}.new`, JSON.stringify(content, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file); // whole or not at all for whoever reads it meanwhile
}

/** Undefined where none runs, or the file is not of this version. */
export function readRunFile(home: string): RunFile | undefined {
  try {
    return runFileSchema.safeParse(JSON.parse(readFileSync(join(home, runFileName), 'utf8'))).data;
  } catch {
    return undefined; // no such file
  }
}
