import { Unread } from './unread';

describe('partitions that the search has not read', () => {
  it('are each given once, in their order', () => {
    const unread = new Unread();
    unread.note(3, 1);
    unread.note(3);
    expect(unread.take()).toEqual([1, 3]);
    expect(unread.take()).toEqual([]);
  });

  it('wake who waits for one', async () => {
    const unread = new Unread();
    const { signal } = new AbortController();
    const woken = unread.some(60_000, signal);
    unread.note(5);
    await woken;
    // Where one is known nobody waits.
    await unread.some(60_000, signal);
    expect(unread.take()).toEqual([5]);
  });

  it('keep nobody waiting longer than said, or than wanted', async () => {
    const unread = new Unread();
    await unread.some(1, new AbortController().signal);
    const stop = new AbortController();
    const stopped = unread.some(60_000, stop.signal);
    stop.abort();
    await stopped;
    await unread.some(60_000, stop.signal);
    expect(unread.take()).toEqual([]);
  });
});
