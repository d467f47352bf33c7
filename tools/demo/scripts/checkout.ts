import { agent, bash, edit, fails, grep, prompt, read, say, todos, type Script } from '../script';

const tasks = [
  'Reproduce the race',
  'Find who reads before the lock',
  'Fix the order',
  'Run the suite fifty times',
];

export const checkout: Script = {
  tool: 'claude-code',
  title: 'Find the checkout race',
  project: 'storefront',
  branch: 'main',
  model: 'claude-sonnet-4-5-20250929',
  earlier: [
    prompt('checkout.spec fails about once in twenty runs. Find out why.'),
    todos(0, tasks),
    read(
      'src/cart/checkout.spec.ts',
      "it('reserves the last item once', async () => {\n  await Promise.all([buy(last), buy(last)]);\n});",
    ),
    bash('npm test -- checkout --repeat 5', 'PASS src/cart/checkout.spec.ts\n\n5 runs, 5 passed', 6100),
    say('Five runs are not enough to see it. I run it until it fails.'),
    bash('npm test -- checkout --repeat 10', 'PASS src/cart/checkout.spec.ts\n\n10 runs, 10 passed', 9900),
    fails(
      'npm test -- checkout --repeat 20',
      'FAIL src/cart/checkout.spec.ts\n  ● reserves the last item once\n    expected 1 reservation, found 2',
      14_800,
    ),
    todos(1, tasks),
  ],
  steps: [
    say(
      'It fails on the eleventh run: two reservations for one item. Somebody reads the stock before the lock.',
    ),
    agent(
      'Explore',
      'Find who reads the stock',
      grep('stock\\.get\\(', 'src/cart/reserve.ts:27\nsrc/cart/preview.ts:12'),
      read(
        'src/cart/reserve.ts',
        'const left = await stock.get(id);\nreturn lock(id, async () => {\n  if (left > 0) await stock.take(id);\n});',
      ),
      say('reserve.ts reads the stock before it takes the lock. preview.ts only shows it.'),
    ),
    todos(2, tasks),
    edit(
      'src/cart/reserve.ts',
      'const left = await stock.get(id);\nreturn lock(id, async () => {',
      'return lock(id, async () => {\n  const left = await stock.get(id);',
    ),
    todos(3, tasks),
    bash('npm test -- checkout --repeat 50', 'PASS src/cart/checkout.spec.ts\n\n50 runs, 50 passed', 14_200),
    todos(4, tasks),
    say('Fifty green runs. The read now happens under the lock.'),
  ],
  next: {
    prompt: 'Good. Run the other suites the same way and look for races there.',
    names: [
      'wishlist',
      'vouchers',
      'shipping',
      'returns',
      'inventory',
      'gift-cards',
      'accounts',
      'search',
      'stock-alerts',
      'bundles',
    ],
    task: (name) => `Look for races in ${name}`,
    round: (name) => [
      bash(
        `npm test -- ${name} --repeat 50`,
        `PASS src/${name}/${name}.spec.ts\n\n50 runs, 50 passed`,
        12_600,
      ),
      grep('await .*\\.get\\(', `src/${name}/store.ts:19`),
      read(`src/${name}/store.ts`, 'return lock(id, async () => {\n  const found = await rows.get(id);\n});'),
      say(`No race in ${name}: what it reads, it reads under the lock.`),
    ],
    close: 'That was the last suite: one race in all, and it is fixed.',
  },
};
