import { bash, edit, prompt, read, say, todos, type Story } from '../script';

const tasks = ['Find what is sent twice', 'Send once', 'Cover it with a test'];

export const mailer: Story = {
  tool: 'opencode',
  older: true,
  title: 'Welcome mails came twice',
  project: 'mailer',
  branch: 'once',
  model: 'anthropic/claude-sonnet-4-5',
  endedHoursAgo: 2.2,
  steps: [
    prompt('New customers get the welcome mail twice since Tuesday.'),
    todos(0, tasks),
    bash('git log --since=tuesday --oneline src/welcome', '8c21f0d retry when the queue is slow', 300),
    read('src/welcome/send.ts', 'await retry(() => queue.add(mail), { times: 2 });'),
    say('The retry adds the mail again although the first try only answered late.'),
    todos(1, tasks),
    edit('src/welcome/send.ts', 'queue.add(mail)', 'queue.add(mail, { key: customer.id })'),
    todos(2, tasks),
    bash('npm test -- welcome', 'PASS src/welcome/send.spec.ts\n\n7 passed', 3900),
    todos(3, tasks),
    say('A customer’s id is the key now: the queue takes each mail once, however often it is told.'),
  ],
};
