import type { CodexUsage } from './codex-fields';
import { CodexWriter, type CodexLine } from './codex-writer';

/**
 * A believable Codex session, as it would lie below a Codex home: a plan, commands, a patch, a search, a failing
 * test, a turn that its user interrupts, the account's limits.
 */
export function codexSession(id: string, startedAt: number): { path: string; lines: readonly CodexLine[] } {
  const writer = new CodexWriter({ id, startedAt, cwd: '/home/dev/shop', branch: 'rate-limit' });
  const steps = ['Find where requests come in', 'Add a token bucket', 'Cover it with tests'];
  const plan = (done: number): void =>
    writer.plan(
      steps.map((step, n) => ({
        step,
        status: n < done ? 'completed' : n === done ? 'in_progress' : 'pending',
      })),
    );
  writer.meta();
  writer.startTurn();
  writer.prompt('Limit the public API to 100 requests a minute per key.');
  answer(writer, 'I will look at how requests come in before I choose where the limit belongs.', 1);
  plan(0);
  writer.exec('rg -n "app.use" src/server.ts', '12:app.use(auth);\n13:app.use(routes);');
  count(writer, 2);
  writer.exec('sed -n 1,60p src/server.ts', "import { auth } from './auth';\n…");
  answer(writer, 'Every request passes `auth`, which knows the key: the limit goes right behind it.', 3);
  plan(1);
  writer.search('token bucket redis lua');
  count(writer, 4);
  writer.patch('src/rate-limit.ts', '@@\n+export function rateLimit(perMinute: number) {');
  writer.patch('src/server.ts', '@@\n app.use(auth);\n+app.use(rateLimit(100));');
  count(writer, 5);
  plan(2);
  writer.exec('npm test -- rate-limit', 'FAIL src/rate-limit.spec.ts\n  expected 429, got 200', 1);
  answer(writer, 'The bucket is filled per process, not per key. I move it into the key’s entry.', 6);
  writer.patch('src/rate-limit.ts', '@@\n-const bucket = new Bucket();\n+const bucket = bucketOf(key);');
  writer.exec('npm test -- rate-limit', 'PASS src/rate-limit.spec.ts\n\n11 passed');
  plan(3);
  answer(writer, 'Done: 100 requests a minute per key, answered with 429 and `Retry-After` beyond it.', 7);
  writer.endTurn('complete');
  writer.wait(60_000);
  writer.startTurn();
  writer.prompt('And make the number configurable.');
  writer.exec('rg -n "process.env" src/config.ts', "3:  port: process.env['PORT'],");
  count(writer, 8);
  writer.endTurn('abort');
  writer.wait(20_000);
  writer.startTurn();
  writer.prompt('Use the settings file instead of the environment.');
  writer.patch('config/settings.json', '@@\n+  "requestsPerMinute": 100,');
  answer(writer, 'The limit now stands in `config/settings.json`, with 100 as its default.', 9);
  writer.endTurn('complete');
  return { path: writer.path, lines: writer.lines };
}

function answer(writer: CodexWriter, text: string, call: number): void {
  writer.think();
  writer.wait(1800);
  writer.say(text);
  count(writer, call);
}

/** Each call reads what was there before from the cache. */
function count(writer: CodexWriter, call: number): void {
  const input = 14_000 + call * 2300;
  const usage: CodexUsage = {
    input,
    cached: call === 1 ? 4992 : input - 2300,
    cacheWrite: 0,
    output: 240 + call * 31,
    reasoning: 90 + call * 7,
  };
  writer.wait(900);
  writer.count(usage);
}
