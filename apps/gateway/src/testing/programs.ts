import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The workspace's root: Jest runs there. */
const root = process.cwd();

/** Programs built as they are built for running, in a folder of their own. */
export interface Programs {
  path(name: string): string;
  remove(): Promise<void>;
}

/** @param entries name → source file, relative to the workspace */
export async function buildPrograms(entries: Readonly<Record<string, string>>): Promise<Programs> {
  // Below node_modules, so that the programs find their packages.
  const out = join(root, 'node_modules', '.cache', 'telltale', `gateway-tests-${randomUUID()}`);
  const build = `
    import { build } from 'esbuild';
    import { bundleOptions } from './tools/build/bundle.mjs';
    await build(bundleOptions(${JSON.stringify(entries)}, ${JSON.stringify(out)}));`;
  await run(process.execPath, ['--input-type=module', '-e', build], { cwd: root });
  return {
    path: (name) => join(out, `${name}.mjs`),
    remove: () => rm(out, { recursive: true, force: true }),
  };
}

/** Runs a program to its end; what it wrote to standard output. @throws when it fails */
export async function runProgram(path: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout } = await run(process.execPath, [path], { cwd: root, env: { ...process.env, ...env } });
  return stdout;
}

/** Makes the read model in an empty database, by the program that does it when Telltale starts: no app imports another. */
export async function migrateReadModel(databaseUrl: string): Promise<void> {
  const programs = await buildPrograms({ migrate: 'apps/ingest/src/migrate.ts' });
  try {
    await runProgram(programs.path('migrate'), { DATABASE_URL: databaseUrl });
  } finally {
    await programs.remove();
  }
}
