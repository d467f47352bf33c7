import type { ContentMode } from '@telltale/contracts';
import * as fc from 'fast-check';
import { secretRules } from '../rules/rule-set';
import { SecretSearch } from '../secrets/secret-search';
import { plantedLine } from '../testing/records';
import { Masker } from './masker';

const search = new SecretSearch(secretRules);
const maskers: Record<ContentMode, Masker> = {
  full: new Masker(search, 'full'),
  preview: new Masker(search, 'preview'),
  none: new Masker(search, 'none'),
};
const modes = Object.keys(maskers) as ContentMode[];
const mode = fc.constantFrom(...modes);

const masked = (text: string, by: ContentMode = 'full') =>
  Buffer.from(maskers[by].lines(Buffer.from(text)).bytes).toString();
const bytesOf = (text: string | Buffer, by: ContentMode) =>
  Buffer.from(maskers[by].lines(Buffer.from(text)).bytes);

const ids = [
  'uuid',
  'sessionId',
  'tool_use_id',
  'call_id',
  'timestamp',
  'type',
  'model',
  'name',
  'cwd',
  'element',
  'status',
];
/** Ids, times, kinds and figures outside of what a tool was given to work with. */
function kept(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key === 'id' || ids.includes(key) ? value : '';
  if (Array.isArray(value)) return value.map((inner) => kept(inner, key));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(
    ([name]) => !['input', 'args', 'toolUseResult'].includes(name),
  );
  return Object.fromEntries(entries.map(([name, inner]) => [name, kept(inner, name)]));
}

/** An objective whose words are written as they are given, be that JSON or not; also as a tool's arguments hold it. */
function step(words: string, nested: boolean): string {
  const plan = (quote: string) =>
    `{${['plan', 'step'].map((name) => quote + name + quote).join(':[{')}:${quote}${words}${quote}}]}`;
  return nested ? `{"payload":{"arguments":"${plan('\\"')}"}}` : plan('"');
}

jest.setTimeout(120_000);

describe('laws', () => {
  const lines = fc.array(plantedLine, { minLength: 1, maxLength: 4 });
  const anyBytes = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc
      .tuple(plantedLine, fc.nat(900), fc.nat(40), fc.string({ unit: 'binary', maxLength: 4 }))
      .map(([{ line }, at, length, put]) => line.slice(0, at) + put + line.slice(at + length)),
    fc.jsonValue({ stringUnit: 'binary' }).map((value) => JSON.stringify(value)),
    fc
      .tuple(
        fc.array(fc.constantFrom('a', ' ', '\\', '"', '\u0001', 'u1', 'é', '✅ Done: ', '~'), {
          maxLength: 40,
        }),
        fc.boolean(),
      )
      .map(([words, nested]) => step(words.join(''), nested)),
  );

  it('no planted secret is left, and whoever reads the line reads the same but for its texts', () => {
    fc.assert(
      fc.property(lines, mode, (all, by) => {
        const text = all.map(({ line }) => `${line}\n`).join('');
        const result = masked(text, by);
        expect(Buffer.byteLength(result)).toBe(Buffer.byteLength(text));
        const before = text
          .split('\n')
          .slice(0, -1)
          .map((line): unknown => JSON.parse(line));
        const after = result
          .split('\n')
          .slice(0, -1)
          .map((line): unknown => JSON.parse(line));
        expect(after.map((value) => kept(value))).toEqual(before.map((value) => kept(value)));
        for (const secret of all.flatMap(({ secrets }) => secrets))
          expect(withoutIds(after)).not.toContain(secret);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the number of bytes, every line break, and JSON as JSON, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.array(anyBytes), mode, (all, by) => {
        const bytes = Buffer.from(all.join('\n'));
        const result = bytesOf(bytes, by);
        expect(result.length).toBe(bytes.length);
        const breaks = (from: Buffer) => [...from].flatMap((byte, at) => (byte === 10 ? [at] : []));
        expect(breaks(result)).toEqual(breaks(bytes));
        const before = bytes.toString().split('\n').map(isJson);
        expect(result.toString().split('\n').map(isJson)).toEqual(before);
      }),
      { numRuns: 200 },
    );
  });

  it('done twice is done once', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            plantedLine.map(({ line }) => line),
            anyBytes,
          ),
          { maxLength: 3 },
        ),
        mode,
        (all, by) => {
          const once = bytesOf(all.join('\n'), by);
          const twice = maskers[by].lines(once);
          expect(Buffer.from(twice.bytes).toString()).toBe(once.toString());
          expect([...twice.secrets]).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    '\\!',
    'ab\\!cd efg hij klm',
    'abcdefghijklmnopqrstuvwxyz\u0001 more',
    'a\tb cdefghijklmnopq',
    '\\u12',
    'ab\\u12zz more',
  ])('done twice is done once for a step that is no JSON: %j', (words) => {
    for (const line of [step(words, false), step(words, true)]) {
      const once = masked(line, 'none');
      expect(masked(once, 'none')).toBe(once);
      expect(once).not.toContain('~'); // nobody can read the line, so nothing has to be told apart
    }
  });

  it('a name that is a secret is stars, and stays stars', () => {
    const line = '{"AKIAIOSFODNN7EXAMPLE":1}';
    const once = masked(line, 'none');
    expect(once).toBe('{"********************":1}');
    expect(masked(once, 'none')).toBe(once);
  });

  it('a completion marker among the words of a step is one of its words', () => {
    const once = masked(step('go ✅ Done: all', false), 'none');
    expect(once).toMatch(/"step":"~[0-9A-Za-z]{15} *"/);
    expect(masked(once, 'none')).toBe(once);
  });

  it('does not depend on which lines come together', () => {
    fc.assert(
      fc.property(lines, mode, (all, by) => {
        const each = all.map(({ line }) => masked(`${line}\n`, by)).join('');
        expect(masked(all.map(({ line }) => `${line}\n`).join(''), by)).toBe(each);
      }),
      { numRuns: 200 },
    );
  });
});

test('clean lines are given back as they are, without a copy', () => {
  const bytes = Buffer.from('{"type":"user","message":{"content":"hello"}}\n'.repeat(100));
  expect(maskers.full.lines(bytes).bytes).toBe(bytes);
});

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}

/** Texts only: an id may look like a secret, and stays. */
function withoutIds(records: readonly unknown[]): string {
  const texts: string[] = [];
  const collect = (value: unknown, key: string, opaque: boolean): void => {
    if (typeof value === 'string') {
      if (opaque || !(key === 'id' || ids.includes(key))) texts.push(value);
    } else if (Array.isArray(value)) for (const inner of value) collect(inner, key, opaque);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) {
        texts.push(name);
        collect(inner, name, opaque || ['input', 'args', 'toolUseResult'].includes(name));
      }
  };
  for (const record of records) collect(record, '', false);
  return texts.join('\n');
}
