import { claudeCodeSource } from '../sources/claude-code/claude-code-source';
import { FileRegistry } from './file-registry';
import { Sweep } from './sweep';

const root = '/nowhere/telltale';
const source = claudeCodeSource([root]);
const monthAgo = Date.now() - 30 * 86_400_000;

/** Files of which none is there: whichever is looked at has changed. */
function sweepOver(ages: readonly number[]) {
  const registry = new FileRegistry('host');
  ages.forEach((mtimeMs, n) => {
    const description = { reading: 'lines', orderingKey: String(n) } as const;
    registry.add(
      { ...description, path: `${root}/${n}`, root, source, local: true },
      { size: 1, mtimeMs, inode: n },
    );
  });
  const tree = {
    directories: new Map(),
    visit: () => Promise.resolve(),
    eventsHeard: 0,
    everything: true,
    hearsEverything: () => tree.everything,
  };
  const looked: string[] = [];
  const onChange = ({ path }: { path: string }) => void looked.push(path);
  const sweep = new Sweep({ files: registry.files, tree, onChange }, 1000);
  const round = async () => {
    looked.length = 0;
    await sweep.round();
    return new Set(looked);
  };
  return { tree, round };
}

const many = (count: number, mtimeMs: number) => Array.from({ length: count }, () => mtimeMs);

test('where every folder sends events a round is small, and all are looked at in turn', async () => {
  const { round } = sweepOver(many(2000, monthAgo));
  const seen = new Set<string>();
  for (let i = 0; i < 4; i++) {
    const looked = await round();
    expect(looked.size).toBe(500);
    looked.forEach((path) => seen.add(path));
  }
  expect(seen.size).toBe(2000);
});

test('of thousands that changed lately not more is looked at either', async () => {
  const { round } = sweepOver(many(3000, Date.now()));
  expect((await round()).size).toBeLessThanOrEqual(1000);
});

test('after as many events as may have overrun the system’s queue one round looks at everything', async () => {
  const { tree, round } = sweepOver(many(2000, monthAgo));
  tree.eventsHeard = 2047;
  expect((await round()).size).toBe(500);
  tree.eventsHeard = 2048;
  expect((await round()).size).toBe(2000);
  expect((await round()).size).toBe(500);
  tree.eventsHeard += 2048;
  expect((await round()).size).toBe(2000);
});

test('where no events come, everything that changed lately is looked at in every round', async () => {
  const { tree, round } = sweepOver([...many(3000, monthAgo), ...many(1000, Date.now())]);
  tree.everything = false;
  const [first, second] = [await round(), await round()];
  const inBoth = [...first].filter((path) => second.has(path));
  expect(inBoth.length).toBeGreaterThanOrEqual(1000);
  expect(first.size).toBeLessThanOrEqual(2500);
});
