import * as fc from 'fast-check';
import type { Observation } from '../observation';
import { BatchDraft } from './draft';
import { mergeItems, toolDuration, type Item } from './item';

const broker = Date.UTC(2100, 0, 1);
const common = { sessionId: 's', agentId: null } as const;

function itemOf(said: Observation): Item {
  const draft = new BatchDraft();
  draft.add(said, 'gemini', broker);
  const [item] = draft.items.values();
  if (item === undefined) throw new Error('it says nothing that is an item');
  return item;
}

const merged = (...items: Item[]): Item => items.reduce(mergeItems);
/** All that is shown of it. */
const shown = ({ parts, ...item }: Item): unknown => ({ ...item, parts: parts.map(({ u }) => u) });

const place = (sequence: number, offset = 0) => ({ sequence, line: 0, offset });
const text = (preview: string, sequence: number, offset: number): Item =>
  itemOf({
    ...common,
    at: 5000,
    place: place(sequence, offset),
    type: 'assistant',
    key: 'm:1',
    uuid: '1',
    model: null,
    preview,
    truncated: false,
  });

describe('what is known of a message', () => {
  const time = fc.constantFrom(0, 1000, 2000, 3000);
  /** Records of one message: its own under some uuids, texts that came apart from it under others. */
  const said = fc
    .record({ at: time, uuid: fc.nat(5), preview: fc.constantFrom('', 'p', 'longer') })
    .map(({ at, uuid, preview }): Item => {
      const used = uuid < 3 ? {} : ({ used: false } as const);
      const model = uuid < 3 ? 'a-model' : null;
      return itemOf({
        ...common,
        at,
        place: place(1, uuid),
        type: 'assistant',
        key: 'm:1',
        uuid: `u${uuid}`,
        model,
        preview,
        truncated: false,
        ...used,
      });
    });

  it('is the same in whatever order and grouping its records come, and however often', () => {
    fc.assert(
      fc.property(said, said, said, (a, b, c) => {
        const all = shown(merged(a, b, c));
        for (const order of [
          [a, c, b],
          [b, a, c],
          [b, c, a],
          [c, a, b],
          [c, b, a],
          [a, b, c, a],
        ])
          expect(shown(merged(...order))).toEqual(all);
        expect(shown(mergeItems(a, mergeItems(b, c)))).toEqual(all);
      }),
      { numRuns: 1000 },
    );
  });

  it('has the whole text of a record that was written anew, wherever its versions lie', () => {
    const [begun, whole] = [text('Hel', 1, 500), text('Hello', 2, 900)];
    expect(merged(begun, whole).preview).toBe('Hello');
    // Another watcher, or the same after a start, tells the document from its beginning.
    expect(merged(begun, whole, text('Hello', 3, 300)).preview).toBe('Hello');
    expect(merged(whole, text('Hel', 4, 300)).preview).toBe('Hello');
    expect(merged(begun, whole).parts[0]?.s).toBe(2);
  });

  it('is not the blanks that stood in its place while its owner kept it back, byte for byte', () => {
    const [blank, told] = [text(' '.repeat(6), 1, 500), text('你好', 2, 900)];
    expect(merged(blank, told).preview).toBe('你好');
    expect(merged(told, blank).preview).toBe('你好');
  });

  it('is bounded, and soon put together, however many records it has', () => {
    const draft = new BatchDraft();
    const began = performance.now();
    for (let n = 0; n < 10_000; n++)
      draft.add(
        {
          ...common,
          at: 1000 + n,
          place: place(1, n),
          type: 'assistant',
          key: 'm:1',
          uuid: `u${n}`,
          model: null,
          preview: 'text',
          truncated: false,
        },
        'claude-code',
        broker,
      );
    expect(performance.now() - began).toBeLessThan(10_000);
    const [item] = draft.items.values();
    expect(JSON.stringify(item).length).toBeLessThan(100_000);
    expect(item?.parts[0]?.u).toBe('u0');
  });
});

describe('how long a call took', () => {
  const use = (sequence: number, offset: number): Item =>
    itemOf({
      ...common,
      at: 1000,
      place: place(sequence, offset),
      type: 'tool-use',
      key: 't:1',
      name: 'read_file',
      input: '{}',
      model: null,
    });
  const result = (at: number, sequence: number, offset: number): Item =>
    itemOf({
      ...common,
      at,
      place: place(sequence, offset),
      type: 'tool-result',
      key: 't:1',
      isError: false,
      preview: 'done',
      durationMs: null,
    });

  it('depends on its times alone: one record or two, a document told again', () => {
    const apart = merged(use(1, 500), use(2, 900), result(4000, 2, 900));
    const atOnce = merged(use(3, 300), result(4000, 3, 300));
    expect(toolDuration(apart)).toBe(3000);
    expect(toolDuration(atOnce)).toBe(3000);
    expect(toolDuration(merged(apart, atOnce))).toBe(3000);
    expect(toolDuration(merged(atOnce, apart))).toBe(3000);
  });

  it('is not known where call and result bear one time, or the result none', () => {
    expect(toolDuration(merged(use(1, 0), result(1000, 1, 0)))).toBeNull();
    const untimed = merged(use(1, 0), result(0, 1, 0));
    expect([untimed.endedAt, toolDuration(untimed)]).toEqual([null, null]);
  });
});
