import type { PlayedRecord } from './opencode-record';
import { OpenCodeWriter, type OpenCodeUsage } from './opencode-writer';

/**
 * A believable OpenCode session with a subagent of its own, in the order in which their records are written: for who
 * plays it live into a JSON store (`openCodeDocument`), an SQLite store (`openCodeTables`, `openCodeStatements`) or both.
 *
 * @param seed makes the ids: another one for each session that is played
 * @param startedAt epoch milliseconds
 */
export function openCodeSession(seed: string, startedAt: number): readonly PlayedRecord[] {
  const title = 'Cart totals are off by a cent';
  const main = new OpenCodeWriter({ seed, startedAt, title: standIn(startedAt) });
  main.wait(400);
  main.prompt('The cart shows 19.99 + 5.01 as 24.99. Find out why and mend it.');
  main.wait(2600);
  main.session(title);
  planned(main, 0);
  const child = investigated(main, seed);
  mended(main);
  main.wait(45_000);
  main.prompt('Good. Cover the discount, too.');
  main.wait(1800);
  main.startAnswer();
  main.tool(
    'read',
    { filePath: '/home/dev/shop/src/cart/discount.ts' },
    { output: '1: export function discount(' },
  );
  main.tool('edit', { filePath: '/home/dev/shop/src/cart/discount.ts' }, { output: '', tookMs: 60 });
  main.tool('bash', { command: 'npm test -- cart' }, { output: '14 passed', tookMs: 5200 });
  main.text('Discounts are rounded once per line now, with a test for each rate.', 2400);
  answered(main, 5);
  return [...main.played, ...child.played].sort((a, b) => a.at - b.at);
}

const steps = ['Find where totals are summed', 'Count in cents', 'Cover it with tests'];

function planned(writer: OpenCodeWriter, done: number): void {
  writer.startAnswer();
  writer.think('The sum is made of floats, I suppose.');
  writer.wait(900);
  writer.todos(
    steps.map((content, n) => ({
      content,
      status: n < done ? 'completed' : n === done ? 'in_progress' : 'pending',
    })),
  );
  writer.tool('grep', { pattern: 'reduce\\(.*price' }, { output: 'src/cart/total.ts:12', tookMs: 90 });
  answered(writer, done + 1, 'tool-calls');
}

/** The subagent works while its parent's task waits for it. */
function investigated(main: OpenCodeWriter, seed: string): OpenCodeWriter {
  main.wait(700);
  main.startAnswer();
  const description = 'Find all sums of prices';
  const child = new OpenCodeWriter({
    seed: `${seed} child`,
    startedAt: main.now + 60,
    title: `${description} (@explore subagent)`,
    parentId: main.id,
    agent: 'explore',
  });
  child.wait(20);
  child.prompt('Look for every place where prices are added, and say which of them use floats.');
  for (const [n, pattern] of ['price \\+', 'sum\\('].entries()) {
    child.wait(1500);
    child.startAnswer();
    child.tool('grep', { pattern }, { output: 'src/cart/total.ts:12\nsrc/cart/discount.ts:8', tookMs: 80 });
    answered(child, n + 1, 'tool-calls');
  }
  child.wait(1200);
  child.startAnswer();
  child.text('Two places: `total.ts` line 12 and `discount.ts` line 8. Both add floats.', 1600);
  answered(child, 3);
  const input = { description, subagent_type: 'explore', prompt: 'Look for every place …' };
  const output = 'Two places: total.ts and discount.ts.';
  main.tool('task', input, { output, tookMs: child.now - main.now });
  answered(main, 2, 'tool-calls');
  return child;
}

function mended(writer: OpenCodeWriter): void {
  planned(writer, 1);
  writer.wait(800);
  writer.startAnswer();
  writer.tool('edit', { filePath: '/home/dev/shop/src/cart/total.ts' }, { output: '', tookMs: 50 });
  writer.tool(
    'bash',
    { command: 'npm test -- cart' },
    { output: 'expected 2500, got 25', failed: true, tookMs: 4100 },
  );
  answered(writer, 3, 'tool-calls');
  planned(writer, 2);
  writer.wait(800);
  writer.startAnswer();
  writer.tool('edit', { filePath: '/home/dev/shop/src/cart/total.spec.ts' }, { output: '', tookMs: 50 });
  writer.tool('bash', { command: 'npm test -- cart' }, { output: '12 passed', tookMs: 4300 });
  answered(writer, 4, 'tool-calls');
  planned(writer, 3);
  writer.startAnswer();
  writer.text('Totals are counted in whole cents and shown as euros at the very end. 12 tests pass.', 2600);
  answered(writer, 4);
}

/** Each call reads from the cache what was there before. */
function answered(writer: OpenCodeWriter, call: number, finish = 'stop'): void {
  const usage: OpenCodeUsage = {
    input: 900 + call * 37,
    output: 160 + call * 29,
    reasoning: 80 + call * 5,
    cache: { read: 9000 + call * 1800, write: 1700 },
  };
  // As OpenCode reckons it for this model, in dollars a million tokens.
  const million =
    usage.input * 3 +
    (usage.output + usage.reasoning) * 15 +
    usage.cache.read * 0.3 +
    usage.cache.write * 3.75;
  writer.wait(300);
  writer.endAnswer(usage, million / 1e6, { finish });
}

function standIn(at: number): string {
  return `New session - ${new Date(at).toISOString()}`;
}
