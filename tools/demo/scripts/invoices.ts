import { agent, bash, edit, fails, grep, prompt, read, say, todos, write, type Script } from '../script';

const tasks = [
  'Find what draws a page',
  'Break pages between rows',
  'Repeat the head of a table',
  'Compare pages',
];

export const invoices: Script = {
  tool: 'opencode',
  title: 'Invoices of more than one page',
  project: 'invoice-printer',
  branch: 'page-breaks',
  model: 'anthropic/claude-sonnet-4-5',
  earlier: [
    prompt('Invoices with many rows run over the edge of the page. Break them properly.'),
    say('First I find what draws a page, then I look at how rows are laid out.'),
    todos(0, tasks),
    grep('drawRow', 'src/pdf/table.ts:31\nsrc/pdf/table.ts:58'),
    read('src/pdf/table.ts', 'for (const row of rows) {\n  drawRow(page, row, y);\n  y += row.height;\n}'),
    agent(
      'Explore',
      'Find invoices that run over',
      bash('psql -c "select id from invoice where rows > 24"', '10442\n10507\n10821\n(3 rows)', 700),
      bash('node scripts/render.mjs 10507', 'wrote out/10507.pdf, 1 page, 61 rows', 2600),
      say('Three invoices are affected. 10507 is the longest: 61 rows on one page.'),
    ),
    todos(1, tasks),
    edit('src/pdf/table.ts', 'drawRow(page, row, y);', 'if (y + row.height > bottom) page = nextPage();'),
  ],
  steps: [
    bash('node scripts/render.mjs 10507', 'wrote out/10507.pdf, 3 pages, 61 rows', 2800),
    say('Three pages now. The second and third have no head yet.'),
    todos(2, tasks),
    write('src/pdf/head.ts', 'export function drawHead(page: Page, columns: readonly Column[]): number {}'),
    edit('src/pdf/table.ts', 'page = nextPage();', 'page = nextPage();\n  y = drawHead(page, columns);'),
    fails('npm test -- pdf', 'FAIL src/pdf/table.spec.ts\n  the total stands on a page of its own', 6200),
    edit('src/pdf/table.ts', 'bottom)', 'bottom - (isLast ? total.height : 0))'),
    bash('npm test -- pdf', 'PASS src/pdf/table.spec.ts\n\n31 passed', 6400),
    todos(3, tasks),
    bash('node scripts/compare.mjs out/ expected/', '212 invoices: 209 the same, 3 longer', 14_300),
    todos(4, tasks),
    say('209 of 212 invoices are the same to the pixel; the three long ones break where they should.'),
  ],
  next: {
    prompt: 'The other documents have the same table. Move them over.',
    names: ['offers', 'reminders', 'delivery-notes', 'credit-notes', 'statements', 'receipts', 'orders'],
    task: (name) => `Move ${name}`,
    round: (name) => [
      read(`src/${name}/document.ts`, 'import { table } from "../pdf/old-table";'),
      edit(`src/${name}/document.ts`, '../pdf/old-table', '../pdf/table'),
      bash(`npm test -- ${name}`, `PASS src/${name}/document.spec.ts\n\n12 passed`, 5200),
      bash(`node scripts/compare.mjs out/${name} expected/${name}`, 'all the same', 8800),
      say(`The ${name} break between rows now.`),
    ],
    close: 'All documents use the one table, and the old one is gone.',
  },
};
