import { bash, edit, fails, prompt, read, say, todos, type Story } from '../script';

const tasks = ['See what locks the table', 'Add the column without a default', 'Fill it in batches'];

export const migration: Story = {
  tool: 'codex',
  title: 'A migration that locks nothing',
  project: 'ledger',
  branch: 'currency',
  model: 'gpt-5.3-codex',
  endedHoursAgo: 0.8,
  steps: [
    prompt('The currency migration locked the ledger for nine minutes on staging. Make it safe.'),
    todos(0, tasks),
    read(
      'migrations/0042.sql',
      'alter table entry add currency text not null default find_currency(account);',
    ),
    say('The default is a function: every row is written anew under the lock.'),
    todos(1, tasks),
    edit('migrations/0042.sql', 'not null default find_currency(account)', 'null'),
    fails('npm run migrate -- --check', '0042 is not followed by a constraint', 1800),
    todos(2, tasks),
    bash('node scripts/fill-currency.mjs --batch 5000', '2,114,907 rows in 424 batches, 38 ms each', 19_000),
    todos(3, tasks),
    say('The longest lock was 38 ms. The constraint is checked afterwards, without one.'),
  ],
};
