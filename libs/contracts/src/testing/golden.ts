import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is on the wire is frozen in files: a change shows as a diff of them, made with UPDATE_GOLDEN=1. */
export function expectGoldenFile(file: string, value: unknown): void {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(existsSync(file) ? readFileSync(file, 'utf8') : `${file} is missing: run with UPDATE_GOLDEN=1`).toBe(
    text,
  );
}
