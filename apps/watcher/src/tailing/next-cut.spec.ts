import fc from 'fast-check';
import { firstPart, nextCut, type Cut, type PartState } from './next-cut';

const newline = 0x0a;

interface Fact {
  readonly from: number;
  readonly to: number;
  readonly part: PartState | undefined;
}

/** Cuts a whole file as the watcher does. */
function cutAll(file: Uint8Array, room: number): Fact[] {
  const facts: Fact[] = [];
  for (let fact = cutOne(file, room, undefined); fact; fact = cutOne(file, room, fact)) facts.push(fact);
  return facts;
}

function cutOne(file: Uint8Array, room: number, last: Fact | undefined): Fact | undefined {
  const from = last?.to ?? 0;
  const part = unfinished(last);
  const window = part ? Math.max(room, part.size) : room;
  const cut = ended(
    nextCut(file.subarray(from, from + window), { room, atEnd: false }, part),
    file.indexOf(newline, from) + 1 - from,
    room,
  );
  switch (cut.kind) {
    case 'changed':
      throw new Error('an unchanged file looks changed');
    case 'lines':
      return { from, to: from + cut.length, part: undefined };
    case 'part':
      return { from, to: from + cut.length, part: { k: cut.k, n: cut.n, size: part?.size ?? cut.length } };
    default:
      return undefined;
  }
}

function unfinished(last: Fact | undefined): PartState | undefined {
  return last?.part && last.part.k < last.part.n ? last.part : undefined;
}

/** A long line whose end is found, `length` bytes on, becomes its first part. */
function ended(cut: Cut, length: number, room: number): Cut {
  return cut.kind === 'long' && length > 0 ? firstPart(length, room) : cut;
}

const file = fc
  .array(fc.oneof(fc.constant(newline), fc.constant(newline), fc.integer({ min: 0, max: 255 })), {
    maxLength: 400,
  })
  .map((bytes) => Uint8Array.from(bytes));

test('facts are the whole lines of the file, without gap or overlap, none larger than the room', () => {
  fc.assert(
    fc.property(file, fc.integer({ min: 1, max: 64 }), (bytes, room) => {
      const facts = cutAll(bytes, room);
      let offset = 0;
      for (const { from, to } of facts) {
        expect(from).toBe(offset);
        expect(to - from).toBeGreaterThan(0);
        expect(to - from).toBeLessThanOrEqual(room);
        offset = to;
      }
      expect(offset).toBe(bytes.lastIndexOf(newline) + 1);
    }),
  );
});

test('a fact without a part ends at a line; the parts 1 to n of a line make up exactly that line', () => {
  fc.assert(
    fc.property(file, fc.integer({ min: 1, max: 64 }), (bytes, room) => {
      let expected = 1;
      let lineStart = 0;
      for (const { from, to, part } of cutAll(bytes, room)) {
        const isWhole = bytes[to - 1] === newline;
        if (!part) {
          expect(isWhole && expected === 1).toBe(true);
          continue;
        }
        expect(part.k).toBe(expected);
        if (part.k === 1) lineStart = from;
        expect(isWhole).toBe(part.k === part.n);
        if (isWhole) expect(bytes.indexOf(newline, lineStart)).toBe(to - 1);
        expected = part.k === part.n ? 1 : part.k + 1;
      }
      expect(expected).toBe(1);
    }),
  );
});

test('a line that is not as it was when its parts were counted is a changed file', () => {
  const part = { k: 1, n: 3, size: 4 };
  expect(nextCut(Buffer.from('abcdefg\n'), { room: 4, atEnd: false }, part)).toEqual({
    kind: 'part',
    length: 4,
    k: 2,
    n: 3,
  });
  expect(nextCut(Buffer.from('ab\ndefg\n'), { room: 4, atEnd: false }, part)).toEqual({ kind: 'changed' }); // ends too soon
  expect(nextCut(Buffer.from('abc'), { room: 4, atEnd: false }, part)).toEqual({ kind: 'changed' }); // is cut off
  expect(nextCut(Buffer.from('abcdefg\n'), { room: 4, atEnd: false }, { ...part, k: 2 })).toEqual({
    kind: 'changed',
  }); // ends too late
  expect(nextCut(Buffer.from('ab\nnext\n'), { room: 4, atEnd: false }, { ...part, k: 2 })).toEqual({
    kind: 'part',
    length: 3,
    k: 3,
    n: 3,
  });
});
