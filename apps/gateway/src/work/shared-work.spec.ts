import { BoundedWork, TooBusyError } from './bounded-work';
import { SharedWork } from './shared-work';

/** Work that ends when it is told to. */
function held<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { promise, resolve, reject };
}

const forever = new AbortController().signal;

describe('shared work', () => {
  it('is done once for all who ask meanwhile, and again for who asks later', async () => {
    const shared = new SharedWork<number>();
    const { promise, resolve } = held<number>();
    let times = 0;
    const work = () => {
      times += 1;
      return promise;
    };
    const both = [shared.of('a', forever, work), shared.of('a', forever, work)];
    resolve(7);
    expect(await Promise.all(both)).toEqual([7, 7]);
    expect(times).toBe(1);
    await shared.of('a', forever, work);
    expect(times).toBe(2);
  });

  it('goes on while anybody waits, and is broken off when all have left', async () => {
    const shared = new SharedWork<number>();
    const [first, second] = [new AbortController(), new AbortController()];
    let told: AbortSignal | undefined;
    const work = (signal: AbortSignal) => {
      told = signal;
      return new Promise<number>((_, fail) =>
        signal.addEventListener('abort', () => fail(new Error('broken off'))),
      );
    };
    const waiting = [shared.of('a', first.signal, work), shared.of('a', second.signal, work)];
    first.abort(new Error('left'));
    await expect(waiting[0]).rejects.toThrow('left');
    expect(told?.aborted).toBe(false);
    second.abort(new Error('left, too'));
    await expect(waiting[1]).rejects.toThrow('left, too');
    expect(told?.aborted).toBe(true);
  });

  it('fails for all who wait, and is not remembered', async () => {
    const shared = new SharedWork<number>();
    const { promise, reject } = held<number>();
    const both = [shared.of('a', forever, () => promise), shared.of('a', forever, () => promise)];
    reject(new Error('no'));
    for (const one of both) await expect(one).rejects.toThrow('no');
    expect(await shared.of('a', forever, async () => 1)).toBe(1);
  });
});

describe('bounded work', () => {
  it('lets a few run, a few wait in order, and refuses the rest', async () => {
    const work = new BoundedWork(1, 2);
    const first = held<string>();
    const order: string[] = [];
    const running = work.run(async () => order.push(await first.promise));
    const waiting = work.run(async () => order.push('second'));
    await expect(work.run(async () => order.push('third'))).rejects.toThrow(TooBusyError);
    expect(order).toEqual([]);
    first.resolve('first');
    await Promise.all([running, waiting]);
    expect(order).toEqual(['first', 'second']);
    await work.run(async () => order.push('fourth'));
    expect(order).toHaveLength(3);
  });

  it('gives its place back when a task fails', async () => {
    const work = new BoundedWork(1, 1);
    await expect(work.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await work.run(async () => 1)).toBe(1);
  });
});
