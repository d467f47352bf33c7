import type { ContentMode } from '@telltale/contracts';
import * as fc from 'fast-check';
import { secretRules } from '../rules/rule-set';
import { SecretSearch } from '../secrets/secret-search';
import { anyPlanted } from '../testing/planted';
import { plantedLine } from '../testing/records';
import { LongLines, type LinePart } from './long-lines';
import { Masker } from './masker';
import { aroundBytes, PartMasker } from './part-masker';

const search = new SecretSearch(secretRules);
const mode = fc.constantFrom<ContentMode>('full', 'preview', 'none');

/** Filling that is longer than what masking looks at, of several kinds. */
const filling = fc.oneof(
  fc
    .constantFrom('the cart is empty\n', '\\n "quoted" \\\\ ', '𐀀é\u2713 ', 'a'.repeat(60), '"\\"')
    .chain((piece) =>
      fc.integer({ min: 1, max: 30_000 }).map((size) => piece.repeat(Math.ceil(size / piece.length))),
    ),
  fc.constantFrom('✅ Completed: the cart\n', '- ✅ Done: ', '✓ **Finished**: *all of it*\n\n'),
);
const longText = fc
  .array(fc.tuple(filling, fc.option(anyPlanted)), { minLength: 2, maxLength: 6 })
  .map((pieces) => pieces.map(([text, one]) => `${text} ${one?.text ?? ''} `).join(''));

/** One line of records with long texts in them, most of them longer than a part and what is looked at around it. */
const longLine = fc
  .record({
    texts: fc.tuple(longText, longText),
    inner: fc.array(plantedLine, { maxLength: 3 }),
    kind: fc.nat(4),
  })
  .map(({ texts: [first, second], inner, kind }) => {
    const records = inner.map(({ line }): unknown => JSON.parse(line));
    const common = { uuid: '3f2504e0-4f89-41d3-9a0c-0305e82c3301', timestamp: '2026-03-01T09:00:00.000Z' };
    switch (kind) {
      case 0:
        return JSON.stringify({
          type: 'user',
          ...common,
          message: { content: first },
          records,
          last: second,
        });
      case 1:
        return JSON.stringify({
          ...common,
          payload: {
            name: 'shell',
            arguments: JSON.stringify({ cmd: first, status: 'completed', n: 17 }),
            output: JSON.stringify({ output: second, metadata: { exit_code: 1 } }),
          },
          records,
        });
      case 2:
        return JSON.stringify({
          type: 'attachment',
          attachment: { type: 'session_context', text: `jo@example.org ${first}`, email: second },
          records,
        });
      case 3:
        return `{"content":"${first.replaceAll('"', '\\"').replaceAll('\n', '\\n')} not closed ${second.replaceAll('"', "'").replaceAll('\n', ' ')}`;
      default:
        return JSON.stringify([
          first,
          records,
          { [first.slice(0, 300)]: second, id: 'toolu_1', number: 1234567890, truth: false },
        ]);
    }
  });

/** As the reader of a file cuts it: with what stands around, or with the whole line. */
function partsOf(line: Buffer, size: number, whole: boolean): LinePart[] {
  return Array.from({ length: Math.ceil(line.length / size) }, (_, k) => {
    const offset = k * size;
    const length = Math.min(size, line.length - offset);
    const first = whole ? 0 : Math.max(0, offset - aroundBytes);
    const around = line.subarray(first, whole ? line.length : offset + length + aroundBytes);
    return { line: 'g 0', offset, length, around, at: offset - first };
  });
}

test('the parts of a line are masked as the line is, wherever it is cut and wherever masking begins again', async () => {
  await fc.assert(
    fc.asyncProperty(
      longLine,
      mode,
      fc.integer({ min: 3000, max: 40_000 }),
      fc.tuple(fc.boolean(), fc.nat(8)),
      async (text, by, size, [whole, restarted]) => {
        const line = Buffer.from(`${text}\n`);
        const expected = Buffer.from(new Masker(search, by).lines(line).bytes);
        const file = {};
        let lines = new LongLines<object>(search, by);
        const masked: Uint8Array[] = [];
        for (const [k, part] of partsOf(line, size, whole).entries()) {
          if (k === restarted) lines = new LongLines(search, by);
          // What follows the line belongs to the next one.
          const behind = Buffer.from('{"password":"next line, Pa55word!"}');
          const reading = { ...part, around: Buffer.concat([part.around, whole ? Buffer.alloc(0) : behind]) };
          const result = await lines.mask(file, reading, async (from, to) => line.subarray(from, to));
          masked.push(result.bytes);
        }
        const result = Buffer.concat(masked);
        expect(firstDifference(result, expected, line)).toBeUndefined();
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);

test.each(['𐀀é\u2713 and more of it', '\\ud800\\udc00\\u00e9 and more of it'])(
  'an objective in a tool’s arguments is told by the same characters wherever it is cut: %s',
  (words) => {
    const plan = JSON.stringify({ plan: [{ step: JSON.parse(`"${words}"`) as string }] });
    const line = Buffer.from(`{"payload":{"arguments":${JSON.stringify(plan)}}}\n`);
    const whole = Buffer.from(new Masker(search, 'none').lines(line).bytes).toString();
    expect(whole).toMatch(/~[0-9A-Za-z]{15}/);
    for (let cut = 1; cut < line.length; cut++) {
      const parts = new PartMasker(search, 'none');
      const both = [parts.next(line, [0, cut]), parts.next(line, [cut, line.length])];
      expect(Buffer.concat(both.map(({ bytes }) => bytes)).toString()).toBe(whole);
    }
  },
);

/** Texts of this length say nothing to a reader: only where they begin to differ. */
function firstDifference(a: Buffer, b: Buffer, original: Buffer): unknown {
  if (a.equals(b)) return undefined;
  const at = a.findIndex((byte, i) => byte !== b[i]);
  const near = (from: Buffer) => from.subarray(Math.max(0, at - 60), at + 60).toString();
  return { at, parts: near(a), whole: near(b), original: near(original), lengths: [a.length, b.length] };
}
