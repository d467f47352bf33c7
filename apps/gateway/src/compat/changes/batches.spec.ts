import { Batches } from './batches';

const settled = () => new Promise<void>((done) => setImmediate(done));

/** Records batches, each handled when the test says so. */
class Handler {
  readonly handled: Record<string, string>[] = [];
  readonly lost: unknown[] = [];
  readonly dropped: Record<string, string>[] = [];
  private readonly waiting: { done(): void; fail(error: unknown): void }[] = [];
  readonly batches = new Batches<string>(
    (batch) => {
      this.handled.push(Object.fromEntries(batch));
      return new Promise((done, fail) => this.waiting.push({ done, fail }));
    },
    (reason, dropped) => {
      this.lost.push(reason);
      this.dropped.push(Object.fromEntries(dropped));
    },
  );

  add(key: string, value: string): void {
    this.batches.add(key, (before = '') => before + value);
  }

  async finish(error?: unknown): Promise<void> {
    const next = this.waiting.shift();
    if (error === undefined) next?.done();
    else next?.fail(error);
    await settled();
  }
}

describe('natural batches', () => {
  it('handle a lone change at once, and what comes meanwhile together, merged', async () => {
    const handler = new Handler();
    handler.add('a', '1');
    expect(handler.handled).toEqual([{ a: '1' }]);
    handler.add('a', '2');
    handler.add('b', '1');
    handler.add('a', '3');
    expect(handler.handled).toHaveLength(1);
    await handler.finish();
    expect(handler.handled[1]).toEqual({ a: '23', b: '1' });
    await handler.finish();
    handler.add('c', '1');
    expect(handler.handled[2]).toEqual({ c: '1' });
    expect(handler.lost).toEqual([]);
  });

  it('tell of a batch that failed, and go on', async () => {
    const handler = new Handler();
    handler.add('a', '1');
    handler.add('b', '1');
    await handler.finish('away');
    expect(handler.lost).toEqual(['away']);
    expect(handler.dropped).toEqual([{ a: '1' }]);
    expect(handler.handled[1]).toEqual({ b: '1' });
  });

  it('keep no more than a bounded number waiting', async () => {
    const handler = new Handler();
    handler.add('first', '1');
    for (let n = 0; n < 5000; n++) handler.add(`k${n}`, '1');
    expect(handler.lost).toEqual([]);
    handler.add('k0', '2');
    expect(handler.lost).toEqual([]);
    handler.add('one more', '1');
    expect(handler.lost).toHaveLength(1);
    expect(Object.keys(handler.dropped[0] ?? {})).toHaveLength(5001);
    expect(handler.dropped[0]).toMatchObject({ k0: '12', 'one more': '1' });
    handler.add('after', '1');
    await handler.finish();
    expect(handler.handled[1]).toEqual({ after: '1' });
  });

  it('handle many in parts', async () => {
    const handler = new Handler();
    handler.add('first', '1');
    for (let n = 0; n < 1200; n++) handler.add(`k${n}`, '1');
    for (let round = 0; round < 4; round++) await handler.finish();
    expect(handler.handled.map((batch) => Object.keys(batch).length)).toEqual([1, 500, 500, 200]);
  });

  it('forget what waits when it is not wanted any more', async () => {
    const handler = new Handler();
    handler.add('a', '1');
    handler.add('b', '1');
    handler.batches.clear();
    await handler.finish();
    expect(handler.handled).toEqual([{ a: '1' }]);
  });
});
