import type { SummaryView } from '@telltale/domain';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@telltale/platform/testing';
import { IngestStack } from './testing/ingest-stack';
import { LogWriter } from './testing/log-writer';
import { filesBelow, hasSamples, samples } from './testing/samples';

const root = '/home/dev/.claude';
const main = (session: string) => `${root}/projects/-home-dev-app/${session}.jsonl`;
const at = (second: number) => new Date(Date.UTC(2026, 5, 1, 10, 0, second)).toISOString();

function prompt(session: string, uuid: string, second: number) {
  return {
    type: 'user',
    uuid,
    parentUuid: null,
    sessionId: session,
    timestamp: at(second),
    cwd: '/home/dev/app',
    message: { role: 'user', content: `please do ${uuid}` },
  };
}

function answer(session: string, message: string, second: number, output = 10) {
  return {
    type: 'assistant',
    uuid: `${message}-${output}`,
    sessionId: session,
    timestamp: at(second),
    cwd: '/home/dev/app',
    requestId: `req-${message}`,
    message: {
      id: message,
      role: 'assistant',
      model: 'claude-sonnet-4-20250514',
      content: [{ type: 'text', text: `done ${message}` }],
      usage: {
        input_tokens: 5,
        output_tokens: output,
        cache_creation_input_tokens: 7,
        cache_read_input_tokens: 11,
      },
    },
  };
}

const lines = (...records: unknown[]) =>
  Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(''));

describe('ingest on a real log', () => {
  let stack: IngestStack;
  let log: LogWriter;

  beforeAll(async () => {
    stack = await IngestStack.start();
    log = new LogWriter(stack.nats);
    await stack.startIngest();
  });
  afterAll(() => stack?.stop());

  const session = async (id: string) => {
    const { rows } = await stack.pool.query<{ summary: SummaryView; revision: number }>(
      'select summary, revision from session where id = $1',
      [id],
    );
    return rows[0];
  };

  it('projects a session with its figures', async () => {
    await log.append(
      root,
      main('s-plain'),
      lines(prompt('s-plain', 'p1', 0), answer('s-plain', 'm1', 1, 3), answer('s-plain', 'm1', 2, 40)),
    );
    await stack.caughtUp();
    const { summary } = (await session('s-plain'))!;
    expect(summary.title).toBe('please do p1');
    expect(summary.project).toEqual({ path: '/home/dev/app', name: 'app' });
    expect(summary.stats).toMatchObject({
      messages: 2,
      prompts: 1,
      tokens: { input: 5, output: 40, cacheWrite5m: 7, cacheRead: 11, total: 63 },
    });
    expect(summary.stats.costUsd).toBeCloseTo((5 * 3 + 40 * 15 + 7 * 3.75 + 11 * 0.3) / 1e6, 12);
  });

  it('counts a history copied into a fork once, for the session that started first, also when that one comes last', async () => {
    const history = [answer('x', 'm-shared', 11), answer('x', 'm-shared-2', 12)];
    const fork = [
      prompt('s-fork', 'p-later', 20),
      ...history.map((record) => ({ ...record, sessionId: 's-fork' })),
      answer('s-fork', 'm-own', 21),
    ];
    await log.append(root, main('s-fork'), lines(...fork));
    await stack.caughtUp();
    // The fork's own first record is the copied one: at(11). The original starts before it.
    expect((await session('s-fork'))!.summary.stats.tokens.output).toBe(30);
    await log.append(
      root,
      main('s-first'),
      lines(
        prompt('s-first', 'p-first', 10),
        ...history.map((record) => ({ ...record, sessionId: 's-first' })),
      ),
    );
    await stack.caughtUp();
    expect((await session('s-first'))!.summary.stats.tokens.output).toBe(20);
    expect((await session('s-fork'))!.summary.stats.tokens.output).toBe(10);
  });

  it('counts once what many sessions bring at the same moment', async () => {
    const copies = Array.from({ length: 12 }, (_, n) => `s-copy-${n}`);
    const history = Array.from({ length: 40 }, (_, n) => answer('x', `m-crowd-${n}`, 30));
    await Promise.all(
      copies.map((id, n) => {
        const own = prompt(id, `crowd-${n}`, n + 1);
        return log.append(
          root,
          main(id),
          lines(own, ...history.map((record) => ({ ...record, sessionId: id }))),
        );
      }),
    );
    await stack.caughtUp();
    const stats = await Promise.all(copies.map(async (id) => (await session(id))?.summary.stats));
    // All of it belongs to the one whose prompt came first.
    expect(stats.map((found) => found?.messages)).toEqual([41, ...copies.slice(1).map(() => 1)]);
    expect(stats.map((found) => found?.tokens.output)).toEqual([400, ...copies.slice(1).map(() => 0)]);
  });

  it('puts a broken record into quarantine and counts its neighbours', async () => {
    const body = Buffer.concat([
      lines(answer('s-broken', 'b1', 1)),
      Buffer.from('{"broken": \n'),
      lines(answer('s-broken', 'b2', 2)),
    ]);
    await log.append(root, main('s-broken'), body);
    await stack.caughtUp();
    expect((await session('s-broken'))!.summary.stats.messages).toBe(2);
    const { rows } = await stack.pool.query<{ reason: string; line: number }>(
      "select reason, line from quarantine where path like '%s-broken%'",
    );
    expect(rows).toEqual([{ reason: expect.stringMatching(/JSON/) as string, line: 1 }]);
  });

  it('stores what Postgres would reject: NUL, lone surrogates', async () => {
    const odd = answer('s-odd', 'o1', 1);
    odd.message.content = [{ type: 'text', text: 'nul \0 and \ud800 alone' }];
    odd.message.id = 'o\0\udc00';
    await log.append(root, main('s-odd'), lines(odd));
    await stack.caughtUp();
    expect((await session('s-odd'))!.summary.stats.messages).toBe(1);
  });

  it('puts a line of several parts together', async () => {
    const long = answer('s-long', 'l1', 1);
    long.message.content = [{ type: 'text', text: 'x'.repeat(1_500_000) }];
    await log.append(root, main('s-long'), lines(long, answer('s-long', 'l2', 2)));
    await stack.caughtUp();
    expect((await session('s-long'))!.summary.stats.messages).toBe(2);
  });

  it('folds a file again from the log when its decoder has changed', async () => {
    await log.append(root, main('s-refold'), lines(prompt('s-refold', 'rp', 1), answer('s-refold', 'r1', 2)));
    await log.append(root, main('s-refold'), lines(answer('s-refold', 'r2', 3)));
    await stack.caughtUp();
    const before = await session('s-refold');
    await stack.stopIngest();
    // As an older decoder would have left it: it saw no prompt.
    await stack.pool.query(
      "update file_state set decoder_version = 0, parked = 'unknown fact' where path like '%s-refold%'",
    );
    await stack.pool.query("delete from item where session_id = 's-refold' and kind = 'prompt'");
    await stack.pool.query(
      `update session set registers = jsonb_set(registers, '{prompts}', '0') where id = 's-refold'`,
    );
    await stack.startIngest();
    await eventually(async () => {
      const { rows } = await stack.pool.query(
        'select 1 from file_state where decoder_version = 0 or parked is not null',
      );
      expect(rows).toEqual([]);
    });
    expect((await session('s-refold'))?.summary.stats).toEqual(before?.summary.stats);
    await log.append(root, main('s-refold'), lines(answer('s-refold', 'r3', 4)));
    await stack.caughtUp();
    expect((await session('s-refold'))?.summary.stats.messages).toBe(4);
  });

  const countsSamples = hasSamples ? it : undefined;
  countsSamples?.('counts the real transcripts exactly', async () => {
    const truth = JSON.parse(readFileSync(join(samples, 'truth.json'), 'utf8')) as {
      'claude-code': { all_files_deduped: { by_model: Record<string, Record<string, number>> } };
    };
    const folder = join(samples, 'claude-code');
    for (const file of filesBelow(folder).filter((path) => path.endsWith('.jsonl')))
      await log.append(folder, file, readFileSync(file));
    await stack.caughtUp();
    const { rows } = await stack.pool.query<Record<string, number | string>>(
      `select model, sum(input)::float8 as input, sum(output)::float8 as output, sum(cache_write_5m)::float8 as cache_5m,
              sum(cache_write_1h)::float8 as cache_1h, sum(cache_read)::float8 as cache_read, sum(cost_pico)::float8 / 1e12 as cost_usd
       from rollup where session_id not like 's-%' and model <> '' group by model having sum(input) + sum(output) > 0`,
    );
    const byModel = truth['claude-code'].all_files_deduped.by_model;
    expect(rows.map((row) => row['model']).sort()).toEqual(Object.keys(byModel).sort());
    for (const { model, cost_usd: cost, ...counts } of rows) {
      const {
        cost_usd: trueCost,
        api_messages: _,
        fast_messages: __,
        ...trueCounts
      } = byModel[String(model)]!;
      expect({ model, ...counts }).toEqual({ model, ...trueCounts });
      expect(Number(cost)).toBeCloseTo(trueCost!, 6);
    }
  });
});
