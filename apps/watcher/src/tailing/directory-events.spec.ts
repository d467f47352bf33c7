import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@telltale/platform';
import { DirectoryEvents } from './directory-events';

test('of folders of a short life only the latest are watched, however many there are', () => {
  const root = mkdtempSync(join(tmpdir(), 'telltale-test-'));
  const warnings: string[] = [];
  const events = new DirectoryEvents(
    () => undefined,
    createLogger('test', { write: (line) => void warnings.push(line) }),
  );
  try {
    const folders = Array.from({ length: 1300 }, (_, n) => join(root, String(n)));
    for (const folder of folders) mkdirSync(folder);
    events.add(root);
    // The oldest change first, but for one that is found last.
    folders.forEach((folder, n) => events.addShortLived(folder, n));
    const watched = folders.filter((folder) => events.has(folder));
    expect(watched.length).toBeGreaterThanOrEqual(1024);
    expect(watched.length).toBeLessThanOrEqual(1152);
    expect(watched).toEqual(folders.slice(-watched.length));
    expect(events.has(root)).toBe(true);

    events.addShortLived(folders[0] as string, 2000);
    expect(events.has(folders[0] as string)).toBe(true);
    expect(warnings).toEqual([]);
  } finally {
    events.close();
    rmSync(root, { recursive: true });
  }
}, 120_000);
