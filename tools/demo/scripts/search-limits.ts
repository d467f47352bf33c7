import { agent, bash, edit, fails, grep, prompt, read, say, todos, write, type Script } from '../script';

const tasks = ['See how searches are served', 'Give each client a bucket', 'Refuse politely', 'Load test it'];

export const searchLimits: Script = {
  tool: 'codex',
  title: 'Keep searches fair',
  project: 'catalog-search',
  branch: 'fair-search',
  model: 'gpt-5.5',
  earlier: [
    prompt('One client sends half of all searches and slows the others down. Make it fair.'),
    say('I look at how a search is served before I choose where the limit belongs.'),
    todos(0, tasks),
    grep('router\\.get', 'src/search/routes.ts:9\nsrc/search/routes.ts:14'),
    read(
      'src/search/routes.ts',
      "router.get('/search', authenticate, search);\nrouter.get('/suggest', authenticate, suggest);",
    ),
    agent(
      'explorer',
      'Measure who searches how much',
      bash('sqlite3 access.db < queries/by-client.sql', 'importer  51 %\nweb  31 %\nmobile  18 %', 2400),
      say('The importer alone makes 51 % of all searches, most of them within two minutes of the hour.'),
    ),
    todos(1, tasks),
    write(
      'src/search/bucket.ts',
      'export class Bucket {\n  private left = this.burst;\n\n  take(now: number): boolean {\n    this.refill(now);\n    return this.left-- > 0;\n  }\n}',
    ),
  ],
  steps: [
    edit(
      'src/search/routes.ts',
      "router.get('/search', authenticate, search);",
      "router.get('/search', authenticate, fair(buckets), search);",
    ),
    fails('npm test -- search', 'FAIL src/search/bucket.spec.ts\n  expected 429, got 200', 5400),
    say('The bucket is made per request, so it is always full. I keep one for each client.'),
    edit('src/search/fair.ts', 'new Bucket(rate, burst)', 'buckets.of(request.client)'),
    bash(
      'npm test -- search',
      'PASS src/search/bucket.spec.ts\nPASS src/search/fair.spec.ts\n\n19 passed',
      5900,
    ),
    todos(2, tasks),
    edit('src/search/fair.ts', 'response.status(429)', "response.status(429).set('Retry-After', wait)"),
    todos(3, tasks),
    bash('node bench/two-clients.mjs', 'web p99 41 ms (was 380 ms)\nimporter refused 62 %', 16_800),
    todos(4, tasks),
    say('The web client’s searches take 41 ms at worst while the importer is held back.'),
  ],
  next: {
    prompt: 'Now the other endpoints, one by one, each with a limit of its own.',
    names: ['suggest', 'facets', 'similar', 'export', 'saved', 'alerts', 'synonyms', 'history', 'reindex'],
    task: (name) => `A limit for /${name}`,
    round: (name) => [
      read(`src/${name}/routes.ts`, `router.get('/${name}', authenticate, ${name});`),
      edit(`src/${name}/routes.ts`, 'authenticate,', 'authenticate, fair(buckets),'),
      bash(`npm test -- ${name}`, `PASS src/${name}/routes.spec.ts\n\n8 passed`, 6100),
      bash(`node bench/two-clients.mjs /${name}`, 'web p99 37 ms, importer refused 55 %', 9400),
      say(`/${name} is fair now: nobody waits for the importer any more.`),
    ],
    close: 'Every endpoint has its limit. They stand together in src/limits.ts.',
  },
};
