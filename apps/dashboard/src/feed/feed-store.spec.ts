import { TestBed } from '@angular/core/testing';
import { browserFetch } from '../api/telltale-api';
import { FakeGateway, type Answer, type Request } from '../testing/fake-gateway';
import { sampleMessage } from '../testing/samples';
import { FeedStore } from './feed-store';

const all = Array.from({ length: 500 }, (_, n) =>
  sampleMessage(n, { kind: n % 5 === 0 ? 'prompt' : 'assistant' }),
);

/** Pages as the gateway gives them: oldest first, `before=end` for the newest. */
function messages({ url }: Request): Answer {
  const query = new URL(url, 'http://x').searchParams;
  const kind = query.get('kind');
  const list = kind ? all.filter((message) => message.kind === kind) : all;
  const limit = Number(query.get('limit'));
  const place = (id: string): number => list.findIndex((message) => message.id === id);
  const before = query.get('before');
  if (before !== null) {
    const end = before === 'end' ? list.length : place(before);
    const items = list.slice(Math.max(0, end - limit), end);
    return { body: { items, total: list.length, nextCursor: end > limit ? 'c' : null } };
  }
  const after = query.get('after');
  const start = after === null ? 0 : place(after) + 1;
  const more = start + limit < list.length;
  return {
    body: { items: list.slice(start, start + limit), total: list.length, nextCursor: more ? 'c' : null },
  };
}

describe('FeedStore', () => {
  let gateway: FakeGateway;
  let feed: FeedStore;
  const ids = (): string[] => feed.items().map((item) => item.message.id);

  beforeEach(async () => {
    gateway = new FakeGateway(messages);
    TestBed.configureTestingModule({
      providers: [FeedStore, { provide: browserFetch, useValue: gateway.fetch }],
    });
    feed = TestBed.inject(FeedStore);
    await feed.open('s 1');
  });

  it('opens at the newest and goes back page by page without a gap', async () => {
    expect(gateway.requests[0]?.url).toBe('/api/sessions/s%201/messages?limit=100&before=end');
    expect(ids().at(-1)).toBe('m:499');
    for (let i = 0; i < 6; i++) await feed.older();
    expect(ids()).toEqual(all.map((message) => message.id));
    expect(feed.window().hasOlder).toBe(false);
    const asked = gateway.requests.length;
    await feed.older();
    expect(gateway.requests).toHaveLength(asked);
  });

  it('jumps to the oldest and reads on from there', async () => {
    await feed.toOldest();
    await feed.newer();
    expect(ids()).toEqual(all.slice(0, 200).map((message) => message.id));
    expect(feed.receive([sampleMessage(600)])).toBe(1);
    expect(ids()).toHaveLength(200);
  });

  it('shows one kind, and takes only that kind from deltas', async () => {
    await feed.choose('prompt');
    expect(feed.window().total).toBe(100);
    expect(feed.receive([sampleMessage(600), sampleMessage(601, { kind: 'prompt' })])).toBe(1);
    expect(ids().at(-1)).toBe('m:601');
  });

  it('catches up with what a snapshot hid', async () => {
    const added = [sampleMessage(500), sampleMessage(501)];
    all.push(...added);
    await feed.catchUp();
    all.splice(-2);
    expect(ids().slice(-2)).toEqual(['m:500', 'm:501']);
  });

  it('loads a whole text once, when it is opened', async () => {
    const long = sampleMessage(700, { text: 'x'.repeat(2000), preview: 'x'.repeat(2000) });
    feed.receive([long]);
    const item = feed.items().at(-1)!;
    all.push({ ...long, text: 'the whole text' });
    await feed.toggle(item);
    all.pop();
    expect(feed.expanded().get('m:700')).toMatchObject({ text: 'the whole text' });
    const asked = gateway.requests.length;
    await feed.toggle(item);
    await feed.toggle(item);
    expect(gateway.requests).toHaveLength(asked);
    expect(gateway.requests.at(-1)?.url).toContain('after=m%3A499');
  });

  it('keeps what it has when a page fails, and tries again', async () => {
    gateway.answer = () => ({ status: 500 });
    await feed.older();
    expect([feed.load(), feed.moving(), ids().length]).toEqual(['ready', 'no', 100]);
    gateway.answer = messages;
    await feed.older();
    expect(ids()).toHaveLength(200);
  });
});
