/** What a transcript may hold that must act nowhere: in a terminal, a page, a spreadsheet or a reader of Markdown. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</pre><iframe src="javascript:alert(1)"></iframe>',
  '[click](javascript:alert(1))',
  '![picture](http://evil.test/track.png)',
  '<http://evil.test/auto>',
  '[ref]: http://evil.test/defined',
  'www.evil.test and kim@evil.test',
  '&lt;b&gt; &#106;avascript:',
  '\u001b[31mred\u001b[0m \u001b]8;;http://evil.test\u001b\\link\u001b]8;;\u001b\\',
  '\u001b]52;c;ZXZpbA==\u0007\u009b2J',
  '=HYPERLINK("http://evil.test","x")',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '＝1+1',
  '```\n# heading\n~~~\n````md',
  '``` `` ` ````````',
  'nul \u0000 here',
  'user\u202egnp.exe\u202c \u2066isolated\u2069 \u200f',
  'half a pair \ud83d and \udc00 another',
  '| a | b |\n|---|---|\n| \\| c |',
  '- [x] done\n1. one\n> quote\n***\n===\n---',
  '"quoted", and,\r\n"split"\n',
  '\u2028\u2029\u0085\ufeff',
  '中文 日本語 한국어 العربية עברית Ελληνικά кириллица ✓ 🙂',
];

/** RFC 4180, to the letter: a reader that shares nothing with the writer. @throws where the text is none */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [cell, next] = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    row.push(cell);
    at = next + 1;
    if (text[next] === ',') continue;
    if (text[next] !== '\r' || text[at] !== '\n') throw new Error(`no comma and no CRLF at ${next}`);
    rows.push(row);
    row = [];
    at++;
  }
  if (row.length > 0) throw new Error('the last line has no end');
  return rows;
}

function quotedCell(text: string, start: number): [string, number] {
  let cell = '';
  for (let from = start + 1; ;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) throw new Error(`a quote without an end at ${start}`);
    cell += text.slice(from, quote);
    if (text[quote + 1] !== '"') return [cell, quote + 1];
    cell += '"';
    from = quote + 2;
  }
}

function plainCell(text: string, start: number): [string, number] {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\r') end++;
  const cell = text.slice(start, end);
  if (/["\n]/.test(cell)) throw new Error(`a cell at ${start} had to be quoted`);
  return [cell, end];
}
