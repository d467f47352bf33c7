import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');
const rooms =
  /^## Rooms$(.*?)^## /ms.exec(readFileSync(join(root, 'docs/architecture.md'), 'utf8'))?.[1] ?? '';
const foldersIn = (path: string) =>
  readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
    .map(({ name }) => name)
    .sort();

/** What the map names in the table under an app's, or the libraries', heading. */
function namedUnder(heading: string): string[] {
  const table = rooms.split(/^\*\*/m).find((part) => part.startsWith(`${heading}**`)) ?? '';
  const cells = table.split('\n').flatMap((line) => /^\|([^|]*)\|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')).sort();
}

describe('the map of rooms in docs/architecture.md', () => {
  it.each(foldersIn('apps').map((app) => `apps/${app}`))('names the rooms of %s as they are', (app) => {
    expect(namedUnder(app)).toEqual(foldersIn(`${app}/src`));
  });

  it('names the rooms of the libraries as they are', () => {
    const all = foldersIn('libs').flatMap((lib) =>
      foldersIn(`libs/${lib}/src`).map((room) => `${lib}/${room}`),
    );
    expect(namedUnder('libs')).toEqual(all.sort());
  });
});
