import { agent, allowed, bash, edit, grep, mode, prompt, read, say, todos, type Script } from '../script';

const tasks = [
  'Inventory webhook senders',
  'Add the key id to the header',
  'Rotate the signing key',
  'Publish a dry run',
  'Switch the verifier',
  'Drop the old key after a day',
];

export const billing: Script = {
  tool: 'claude-code',
  title: 'Webhooks to the new signer',
  project: 'billing-api',
  branch: 'feat/signer',
  model: 'claude-opus-4-5-20251101',
  earlier: [
    prompt('Move all webhook senders to the new signer. Keep both keys valid for a day.'),
    mode('plan'),
    say('I will look for every sender first, then change the header, then the keys.'),
    todos(0, tasks),
    agent(
      'Explore',
      'Find all webhook senders',
      grep('signPayload\\(', 'src/webhooks/invoice.ts:41\nsrc/webhooks/refund.ts:33\nsrc/jobs/retry.ts:88'),
      read(
        'src/webhooks/invoice.ts',
        'export async function sendInvoice(event: InvoiceEvent) {\n  const signature = signPayload(event, keys.current);\n}',
      ),
      read('src/jobs/retry.ts', 'await post(url, body, { signature: signPayload(body, keys.current) });'),
      say(
        'Three senders: invoices, refunds and the retry job. Only the retry job signs outside the transaction.',
      ),
    ),
    mode('acceptEdits'),
    todos(1, tasks),
    read(
      'src/webhooks/header.ts',
      "export const headers = (signature: string) => ({ 'x-signature': signature });",
    ),
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
    todos(2, tasks),
    agent(
      'Review',
      'Review the key rotation',
      read(
        'src/keys/rotate.ts',
        'export async function rotate(store: KeyStore) {\n  await store.add(newKey());\n}',
      ),
      say('The old key stays readable for 24 hours, and nothing logs a secret. No objections.'),
    ),
  ],
  steps: [
    edit(
      'src/webhooks/verify.ts',
      'const key = keys.current;',
      'const key = keys.find((k) => k.id === header.keyId) ?? keys.current;',
    ),
    say(
      'Both verifiers accept the old and the new key now. Next I publish a dry run to see that the package holds no secret.',
    ),
    todos(3, tasks),
    allowed(
      'npm publish --dry-run',
      'npm notice total files: 41\nnpm notice unpacked size: 212 kB',
      [26_000, 6400],
    ),
    todos(4, tasks),
    { kind: 'pull-request', number: 482, repository: 'acme/billing-api' },
    say('The pull request is open. I will switch the verifier once the dry run has been looked at.'),
    prompt('Looks good. Switch it.'),
    edit('src/webhooks/verify.ts', 'strict: false', 'strict: true'),
    todos(6, tasks),
    say('Done: the verifier is strict, and the old key goes tomorrow.'),
  ],
  next: {
    prompt: 'Now the same for the other services, one after the other.',
    names: ['payouts', 'disputes', 'ledger', 'tax', 'statements', 'mandates', 'refund-batch', 'reports'],
    task: (name) => `Switch ${name}`,
    round: (name) => [
      grep('signPayload\\(', `services/${name}/src/send.ts:27`),
      read(`services/${name}/src/send.ts`, 'const signature = signPayload(event, keys.current);'),
      edit(
        `services/${name}/src/send.ts`,
        'signPayload(event, keys.current)',
        'sign(event, await keys.newest())',
      ),
      allowed(`npm test -- ${name}`, `PASS services/${name}/src/send.spec.ts\n\n9 passed`, [14_000, 7200]),
      say(`The ${name} service signs with the newest key now.`),
    ],
    close: 'Every service signs with the newest key. The old one can go tomorrow.',
  },
};
