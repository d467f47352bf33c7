import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

test('the table of secret patterns is what the installed package says', () => {
  expect(() => execFileSync(process.execPath, [join(__dirname, 'refresh.mjs'), '--check'])).not.toThrow();
});
