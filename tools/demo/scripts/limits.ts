import { bash, edit, grep, prompt, read, say, todos, write, type Story } from '../script';

const tasks = ['Count requests per key', 'Answer 429 with Retry-After', 'Load test', 'Document the limits'];

export const limits: Story = {
  tool: 'claude-code',
  title: 'Rate limits for the public API',
  project: 'public-api',
  branch: 'feat/limits',
  model: 'claude-opus-4-5-20251101',
  endedHoursAgo: 1.2,
  steps: [
    prompt('Give every API key a limit of 100 requests a second, with a small burst.'),
    todos(0, tasks),
    grep('app\\.use\\(', 'src/server.ts:18\nsrc/server.ts:19\nsrc/server.ts:24'),
    read('src/server.ts', 'app.use(authenticate);\napp.use(routes);'),
    write(
      'src/limits/bucket.ts',
      'export class Bucket {\n  constructor(\n    readonly rate: number,\n    readonly burst: number,\n  ) {}\n}\n',
    ),
    edit('src/server.ts', 'app.use(authenticate);', 'app.use(authenticate);\napp.use(limited(buckets));'),
    bash('npm test -- limits', 'PASS src/limits/bucket.spec.ts\n\n11 passed', 5200),
    todos(1, tasks),
    edit(
      'src/limits/limited.ts',
      'response.status(429).end();',
      "response.status(429).set('Retry-After', String(wait)).end();",
    ),
    bash(
      'npm test -- limits',
      'PASS src/limits/bucket.spec.ts\nPASS src/limits/limited.spec.ts\n\n17 passed',
      5600,
    ),
    todos(2, tasks),
    bash('npx autocannon -c 50 -d 20 localhost:8080', '100 2xx a second, 4,812 429s, p99 3 ms', 21_000),
    say('The limit holds at fifty connections, and refusing costs 3 ms at worst.'),
    todos(3, tasks),
    write('docs/limits.md', '# Limits\n\n100 requests a second for a key, 20 more in a burst.\n'),
    todos(4, tasks),
    say('Limits are in, tested under load and documented.'),
  ],
};
