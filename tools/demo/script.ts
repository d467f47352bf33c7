/** One thing a demo session does. Times are milliseconds. */
export type Step =
  | { readonly kind: 'prompt'; readonly text: string }
  | { readonly kind: 'say'; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly name: string;
      readonly input: Record<string, unknown>;
      readonly result: string;
      readonly ms: number;
      readonly fails?: true;
    }
  | { readonly kind: 'todos'; readonly done: number; readonly of: readonly string[] }
  | {
      readonly kind: 'agent';
      readonly type: string;
      readonly description: string;
      readonly steps: readonly Step[];
    }
  | { readonly kind: 'mode'; readonly mode: string }
  | { readonly kind: 'pull-request'; readonly number: number; readonly repository: string };

export interface Script {
  /** Shown with "Demo: " before it. */
  readonly title: string;
  readonly project: string;
  readonly branch: string;
  readonly model: string;
  readonly steps: readonly Step[];
}

const read = (file: string, result: string, ms = 90): Step => ({
  kind: 'tool',
  name: 'Read',
  input: { file_path: file },
  result,
  ms,
});
const edit = (file: string, from: string, to: string): Step => ({
  kind: 'tool',
  name: 'Edit',
  input: { file_path: file, old_string: from, new_string: to },
  result: `The file ${file} has been updated.`,
  ms: 140,
});
const bash = (command: string, result: string, ms: number): Step => ({
  kind: 'tool',
  name: 'Bash',
  input: { command },
  result,
  ms,
});
const fails = (command: string, result: string, ms: number): Step => ({
  kind: 'tool',
  name: 'Bash',
  input: { command },
  result,
  ms,
  fails: true,
});
const grep = (pattern: string, result: string): Step => ({
  kind: 'tool',
  name: 'Grep',
  input: { pattern, path: 'src' },
  result,
  ms: 160,
});
const say = (text: string): Step => ({ kind: 'say', text });
const todos = (done: number, ...of: string[]): Step => ({ kind: 'todos', done, of });

const billing = [
  'Inventory webhook senders',
  'Add the key id to the header',
  'Rotate the signing key',
  'Publish a dry run',
  'Switch the verifier',
  'Drop the old key after a day',
];
const checkout = [
  'Reproduce the race',
  'Find who reads before the lock',
  'Fix the order',
  'Run the suite fifty times',
];
const bench = ['Port the corpus generator', 'Pair runs against the floor', 'Write the report'];
const angular = ['List zone.js uses', 'Turn on zoneless', 'Replace fakeAsync tests', 'Check the bundle'];

export const scripts: readonly Script[] = [
  {
    title: 'Migrate billing webhooks to the new signer',
    project: 'billing-api',
    branch: 'feat/signer',
    model: 'claude-opus-4-5-20251101',
    steps: [
      { kind: 'prompt', text: 'Move all webhook senders to the new signer. Keep both keys valid for a day.' },
      { kind: 'mode', mode: 'plan' },
      say('I will look for every sender first, then change the header, then the keys.'),
      todos(0, ...billing),
      {
        kind: 'agent',
        type: 'Explore',
        description: 'Find all webhook senders',
        steps: [
          grep(
            'signPayload\\(',
            'src/webhooks/invoice.ts:41\nsrc/webhooks/refund.ts:33\nsrc/jobs/retry.ts:88',
          ),
          read(
            'src/webhooks/invoice.ts',
            'export async function sendInvoice(event: InvoiceEvent) {\n  const signature = signPayload(event, keys.current);\n}',
          ),
          read('src/jobs/retry.ts', 'await post(url, body, { signature: signPayload(body, keys.current) });'),
          say(
            'Three senders: invoices, refunds and the retry job. Only the retry job signs outside the transaction.',
          ),
        ],
      },
      { kind: 'mode', mode: 'acceptEdits' },
      todos(1, ...billing),
      edit(
        'src/webhooks/header.ts',
        "'x-signature': signature",
        "'x-signature': signature,\n    'x-key-id': key.id",
      ),
      bash(
        'npm test -- webhooks',
        'PASS src/webhooks/header.spec.ts\nPASS src/webhooks/invoice.spec.ts\n\n14 passed',
        4200,
      ),
      todos(2, ...billing),
      edit(
        'src/webhooks/verify.ts',
        'const key = keys.current;',
        'const key = keys.find((k) => k.id === header.keyId) ?? keys.current;',
      ),
      say(
        'Both verifiers accept the old and the new key now. Next I publish a dry run to see that the package holds no secret.',
      ),
      todos(3, ...billing),
      bash('npm publish --dry-run', 'npm notice total files: 41\nnpm notice unpacked size: 212 kB', 2600),
      todos(4, ...billing),
      { kind: 'pull-request', number: 482, repository: 'acme/billing-api' },
      say('The pull request is open. I will switch the verifier once the dry run has been looked at.'),
      { kind: 'prompt', text: 'Looks good. Switch it.' },
      edit('src/webhooks/verify.ts', 'strict: false', 'strict: true'),
      todos(6, ...billing),
      say('Done: the verifier is strict, and the old key goes tomorrow.'),
    ],
  },
  {
    title: 'Flaky checkout test: find the race',
    project: 'storefront',
    branch: 'main',
    model: 'claude-sonnet-4-5-20250929',
    steps: [
      { kind: 'prompt', text: 'checkout.spec fails about once in twenty runs. Find out why.' },
      todos(0, ...checkout),
      fails(
        'npm test -- checkout --repeat 20',
        'FAIL src/cart/checkout.spec.ts\n  ● reserves the last item once\n    expected 1 reservation, found 2',
        9800,
      ),
      todos(1, ...checkout),
      say(
        'It fails on the eleventh run: two reservations for one item. Somebody reads the stock before the lock.',
      ),
      grep('stock\\.get\\(', 'src/cart/reserve.ts:27\nsrc/cart/preview.ts:12'),
      read(
        'src/cart/reserve.ts',
        'const left = await stock.get(id);\nreturn lock(id, async () => {\n  if (left > 0) await stock.take(id);\n});',
      ),
      todos(2, ...checkout),
      edit(
        'src/cart/reserve.ts',
        'const left = await stock.get(id);\nreturn lock(id, async () => {',
        'return lock(id, async () => {\n  const left = await stock.get(id);',
      ),
      bash('npm test -- checkout --repeat 50', 'PASS src/cart/checkout.spec.ts\n\n50 runs, 50 passed', 14200),
      todos(4, ...checkout),
      say('Fifty green runs. The read now happens under the lock.'),
    ],
  },
  {
    title: 'Port the ingest benchmarks',
    project: 'telemetry',
    branch: 'bench',
    model: 'claude-sonnet-4-5-20250929',
    steps: [
      {
        kind: 'prompt',
        text: 'Port the old ingest benchmarks to the new harness, and pair every run with its floor.',
      },
      todos(0, ...bench),
      read('bench/old/corpus.py', 'def corpus(seed, size):\n    rng = random.Random(seed)\n'),
      {
        kind: 'tool',
        name: 'Write',
        input: {
          file_path: 'bench/corpus.ts',
          content:
            'export function corpus(seed: number, size: number) {\n  const random = seeded(seed);\n}\n',
        },
        result: 'File created.',
        ms: 110,
      },
      todos(1, ...bench),
      bash('npm run bench -- --quick', 'floor 1.00 s, ingest 2.71 s: 2.71 x', 11800),
      say('The baseline is noisy, so I pair the runs: floor, ingest, floor, ingest.'),
      edit('bench/run.ts', 'for (const run of runs)', 'for (const [floor, run] of paired(runs))'),
      fails('npm run lint', "bench/run.ts:14:9  error  'floor' is assigned but never used", 3300),
      edit('bench/run.ts', 'print(run)', 'print(run / floor)'),
      bash('npm run bench', 'ratio 2.68 (2.61-2.74 over 5 pairs)', 16400),
      todos(3, ...bench),
      say('Five pairs agree within three per cent. The report is in bench/REPORT.md.'),
    ],
  },
  {
    title: 'Upgrade Angular and drop zone.js',
    project: 'console',
    branch: 'ng22',
    model: 'claude-haiku-4-5-20251001',
    steps: [
      { kind: 'prompt', text: 'Upgrade to Angular 22 and make the app zoneless.' },
      todos(0, ...angular),
      grep('zone\\.js', 'src/polyfills.ts:3\nsrc/test.ts:1'),
      todos(1, ...angular),
      edit('src/main.ts', 'provideZoneChangeDetection()', 'provideZonelessChangeDetection()'),
      fails('npm run build', "error NG8113: 'AsyncPipe' is not used within the template of Header", 7200),
      edit('src/header/header.ts', 'imports: [AsyncPipe, Logo]', 'imports: [Logo]'),
      bash('npm run build', 'Initial total 182 kB (-38 kB)', 8100),
      todos(3, ...angular),
      { kind: 'prompt', text: 'And the tests?' },
      bash('npm test', '312 passed', 12100),
      todos(4, ...angular),
      say('All green without zone.js, and the first load is 38 kB smaller.'),
    ],
  },
];
