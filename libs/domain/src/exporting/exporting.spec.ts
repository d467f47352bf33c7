import fc from 'fast-check';
import markdownIt from 'markdown-it';
import { csvLine, type CsvValue } from './csv';
import { hostileTexts, parseCsv } from '../testing/hostile-texts';
import { inertJson } from './json';
import { markdownBlock, markdownCell, markdownInline } from './markdown';
import { visibleLine, visibleText } from './visible-text';

const esc = '\u001b';
/** Texts of what is dangerous, in any mixture. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...hostileTexts),
      fc.constantFrom(
        '`',
        '``',
        '|',
        '\\',
        '\n',
        '\r',
        '"',
        ',',
        ' ',
        'word',
        '-',
        '=',
        esc,
        '[',
        ']',
        '\u0000',
      ),
      fc.string({ unit: 'binary' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const acting = /(?![\t\n])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;

describe('visible text', () => {
  it.each([
    [`${esc}[31mred${esc}[0m`, 'red'],
    [`${esc}]8;;http://evil.test${esc}\\here${esc}]8;;${esc}\\`, 'here'],
    [`${esc}]0;title\u0007after`, 'after'],
    [`\u009b1mbold`, 'bold'],
    [`${esc}cgone ${esc}(Bx`, 'gone x'],
    [`${esc}]0;no end`, ']0;no end'],
    [`${esc}[`, '['],
    ['a\r\nb\rc\u2028d\u0085e', 'a\nb\nc\nd\ne'],
    ['tab\there\u0000\u0008', 'tab\there'],
    ['user\u202egnp.exe\u2066', 'usergnp.exe'],
    ['half \ud83d', 'half \ufffd'],
    ['é 中文 עברית 👩‍💻', 'é 中文 עברית 👩‍💻'],
  ])('of %j is %j', (text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });

  it('holds nothing that acts, and is its own visible text', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const visible = visibleText(text);
        expect(visible).not.toMatch(acting);
        expect(visibleText(visible)).toBe(visible);
        expect(visibleLine(text)).not.toMatch(/[\n\t]|^\s|\s$/);
      }),
    );
  });

  it('keeps what a person can read', () => {
    const harmless = fc.string({ unit: fc.constantFrom(...Array.from('aZ09 ,.;:=+@"`|<>[]\\\n\té中🙂')) });
    fc.assert(fc.property(harmless, (text) => expect(visibleText(text)).toBe(text)));
  });

  it('takes time in proportion to the text', () => {
    const starts = `${esc}]`.repeat(200_000) + `${esc}[0;`.repeat(200_000);
    expect(visibleText(starts)).toHaveLength(200_000 + 600_000);
  });
});

describe('CSV', () => {
  const value: fc.Arbitrary<CsvValue> = fc.oneof(
    hostile,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
  );

  it('reads back as what was written', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
        const [row, ...rest] = parseCsv(csvLine(values));
        expect(rest).toEqual([]);
        expect(row).toHaveLength(values.length);
        values.forEach((each, index) => {
          const cell = row![index]!;
          if (typeof each === 'string') expect([visibleText(each), `'${visibleText(each)}`]).toContain(cell);
          else expect(cell).toBe(each === null ? '' : String(each));
        });
      }),
    );
  });

  it('has no text that a spreadsheet takes for a formula, and leaves numbers alone', () => {
    fc.assert(
      fc.property(hostile, fc.double({ noNaN: true }), (text, number) => {
        const [cell, other] = parseCsv(csvLine([text, number]))[0]!;
        expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        expect(Number(other)).toBe(number === 0 ? 0 : number);
      }),
    );
    expect(csvLine(['=1+1', -3, "'quoted", '-2', `${esc}[0m=x`, 'a=b'])).toBe(
      `"'=1+1",-3,"'quoted","'-2","'=x","a=b"\r\n`,
    );
  });
});

describe('JSON', () => {
  it('reads back as the same value, and shows nothing that acts', () => {
    fc.assert(
      fc.property(hostile, fc.jsonValue(), (text, value) => {
        const json = inertJson({ text, value });
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify({ text, value })));
        expect(json).not.toMatch(/[<\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe('Markdown', () => {
  /** As open as a reader can be: HTML, and links wherever an address stands. */
  const reader = markdownIt({ html: true, linkify: true, breaks: false, typographer: false });
  const page = (text: string) =>
    `# ${markdownInline(text)}\n\n- [x] ${markdownInline(text)} end\n\n` +
    `| a | b |\n|---|---|\n| ${markdownCell(text)} | last |\n\n${markdownBlock(text)}\nafter\n`;

  it('makes nothing of a transcript live', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const tokens = reader.parse(page(text), {}).flatMap((token) => [token, ...(token.children ?? [])]);
        const types = new Set(tokens.map(({ type }) => type));
        for (const type of [
          'link_open',
          'image',
          'html_block',
          'html_inline',
          'em_open',
          'strong_open',
          'blockquote_open',
        ])
          expect(types).not.toContain(type);
        expect(tokens.filter(({ type }) => type === 'heading_open')).toHaveLength(1);
        expect(tokens.filter(({ type }) => type === 'td_open')).toHaveLength(2);
        expect(tokens.filter(({ type }) => type === 'list_item_open')).toHaveLength(1);
        expect(tokens.at(-2)?.content).toBe('after');
      }),
      { numRuns: 500 },
    );
  });

  it('shows the text as it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const visible = visibleText(text);
        const fence = reader.parse(page(text), {}).find(({ type }) => type === 'fence');
        expect(fence?.content).toBe(visible.endsWith('\n') || visible === '' ? visible : `${visible}\n`);
        const inline = reader.parse(`x ${markdownInline(text)}`, {})[1]?.children ?? [];
        expect(inline.map(({ content }) => content).join('')).toBe(`x ${visibleLine(text)}`.trimEnd());
      }),
    );
  });

  it.each([
    ['Migrate billing-webhooks to the new signer', 'Migrate billing-webhooks to the new signer'],
    ['see http://evil.test', '`see http://evil.test`'],
    ['kim@example.test', '`kim@example.test`'],
    ['a `b` c', '``a `b` c``'],
    ['`', '`` ` ``'],
    ['-', '`-`'],
    ['', ''],
  ])('of %j within a line is %j', (text, markdown) => {
    expect(markdownInline(text)).toBe(markdown);
  });
});
