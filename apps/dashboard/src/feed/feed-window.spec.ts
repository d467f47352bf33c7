import type { Message, MessageList } from '@telltale/contracts';
import fc from 'fast-check';
import { sampleMessage } from '../testing/samples';
import {
  emptyWindow,
  mostHeld,
  newestPage,
  oldestPage,
  receive,
  withNewer,
  withOlder,
  type FeedWindow,
} from './feed-window';

const range = (from: number, to: number): Message[] =>
  Array.from({ length: to - from }, (_, i) => sampleMessage(from + i));
const page = (items: Message[], more: boolean, total = 1000): MessageList => ({
  items,
  total,
  nextCursor: more ? 'c' : null,
});
const idsOf = (window: FeedWindow): string[] => window.items.map((item) => item.message.id);

describe('paging', () => {
  it('grows at both ends and knows where there is more', () => {
    let window = newestPage(page(range(900, 1000), true));
    expect([window.hasOlder, window.hasNewer]).toEqual([true, false]);
    window = withOlder(window, page(range(800, 900), true));
    expect(idsOf(window)).toEqual(range(800, 1000).map((message) => message.id));
    window = withNewer(oldestPage(page(range(0, 100), true)), page(range(100, 200), false, 200));
    expect([window.items.length, window.hasOlder, window.hasNewer]).toEqual([200, false, false]);
  });

  it('lets go at the far end what is too much to hold', () => {
    let window = newestPage(page(range(9900, 10_000), true, 10_000));
    for (let from = 9800; from >= 5000; from -= 100)
      window = withOlder(window, page(range(from, from + 100), true, 10_000));
    expect(window.items).toHaveLength(mostHeld);
    expect(window.items[0]?.message.id).toBe('m:5000');
    expect(window.hasNewer).toBe(true);
  });
});

describe('receive', () => {
  const window = newestPage(page(range(10, 20), true, 20));

  it('appends what is new, replaces what changed, and marks only the new as fresh', () => {
    const changed = { ...sampleMessage(15), text: 'changed' };
    const { window: next, added } = receive(window, [sampleMessage(20), changed], 777);
    expect(added).toBe(1);
    expect(next.total).toBe(21);
    expect(next.items.at(-1)).toMatchObject({ message: { id: 'm:20' }, freshAt: 777 });
    expect(next.items[5]).toMatchObject({ message: { text: 'changed' }, freshAt: 0 });
  });

  it('counts, but does not hold, what lies beyond a window that was scrolled away', () => {
    const away = { ...window, hasNewer: true };
    const { window: next, added } = receive(away, [sampleMessage(25)], 1);
    expect([next.items.length, added, next.total]).toEqual([10, 1, 21]);
  });

  it('leaves out what is older than the window: it comes with its page', () => {
    const { window: next, added } = receive(window, [sampleMessage(3)], 1);
    expect([idsOf(next), added]).toEqual([idsOf(window), 0]);
  });

  it('cuts long texts and says so', () => {
    const { window: next } = receive(emptyWindow, [sampleMessage(1, { text: 'x'.repeat(50_000) })], 1);
    expect(next.items[0]?.cut).toBe(true);
    expect(next.items[0]?.message.text.length).toBeLessThan(10_000);
  });

  it('law: order and repetition of messages do not matter', () => {
    const messages = range(20, 32);
    const expected = idsOf(receive(window, messages, 1).window);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(messages, { minLength: messages.length }),
        fc.array(fc.constantFrom(...messages), { maxLength: 8 }),
        (shuffled, repeated) => {
          const steps = [...shuffled, ...repeated].map((message) => [message]);
          const one = steps.reduce((state, step) => receive(state, step, 1).window, window);
          const all = receive(window, [...shuffled, ...repeated], 1).window;
          expect(idsOf(one)).toEqual(expected);
          expect(idsOf(all)).toEqual(expected);
          expect([one.total, all.total]).toEqual([32, 32]);
        },
      ),
    );
  });
});
