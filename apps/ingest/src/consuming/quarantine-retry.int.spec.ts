import { randomUUID } from 'node:crypto';
import { quarantineRetryPattern } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { IngestStack } from '../testing/ingest-stack';
import { LogWriter } from '../testing/log-writer';
import { answer, linesOf, mainPath, prompt, root } from '../testing/records';

let stack: IngestStack;
let log: LogWriter;

beforeAll(async () => {
  stack = await IngestStack.start();
});
afterAll(() => stack?.stop());
beforeEach(async () => {
  await stack.beginAnew();
  log = new LogWriter(stack.nats);
});

async function retry(data: object): Promise<unknown> {
  const request = JSON.stringify({ pattern: quarantineRetryPattern, data, id: randomUUID() });
  // Its own connection may be a moment later than ingest: nobody hears the request then.
  const answer = await eventually(() =>
    stack.nats.request(quarantineRetryPattern, request, { timeout: 20_000 }),
  );
  return answer.json();
}

const reasons = async () =>
  (
    await stack.pool.query<{ reason: string }>('select reason from quarantine order by sequence, line')
  ).rows.map(({ reason }) => reason);
const marked = async () => (await stack.pool.query('select file from file_state where retry')).rowCount;

/** A file with a broken line and a good one that could not be stored once. Its name. */
async function writeFile(session: string): Promise<string> {
  await log.append(root, mainPath(session), linesOf(prompt(session, `p-${session}`, 1)));
  await log.append(root, mainPath(session), Buffer.from('{"broken\n'));
  const sequence = await log.append(root, mainPath(session), linesOf(answer(session, `m-${session}`, 3)));
  await stack.caughtUp();
  const { rows } = await stack.pool.query<{ file: string }>(
    'select file from file_state where session_id = $1',
    [session],
  );
  const file = rows[0]?.file ?? '';
  await stack.pool.query(
    `insert into quarantine (sequence, line, file, source, host, path, reason, excerpt)
     values ($1, 0, $2, 'claude-code', 'test-host', $3, 'could not be stored: disk full', '')`,
    [sequence, file, mainPath(session)],
  );
  await stack.pool.query('delete from item where key = $1', [`m:m-${session}`]);
  return file;
}

const isBack = async (session: string) =>
  expect((await stack.pool.query('select 1 from item where key = $1', [`m:m-${session}`])).rowCount).toBe(1);

it('reads a file again, of whose records those that can be read leave the quarantine', async () => {
  await stack.startIngest();
  const file = await writeFile('s-one');
  await writeFile('s-two');
  expect(await reasons()).toHaveLength(4);
  expect(await retry({ file })).toMatchObject({ response: { files: 1 } });
  await eventually(async () => {
    expect(await marked()).toBe(0);
    await isBack('s-one');
  });
  expect(await reasons()).toHaveLength(3);
  expect(await retry({})).toMatchObject({ response: { files: 2 } });
  await eventually(async () => {
    expect(await marked()).toBe(0);
    await isBack('s-two');
  });
  expect(await reasons()).toEqual([expect.stringMatching(/^not JSON/), expect.stringMatching(/^not JSON/)]);
  // What comes then is read on as before.
  await log.append(root, mainPath('s-one'), linesOf(answer('s-one', 'm-later', 9)));
  await stack.caughtUp();
  const { rows } = await stack.pool.query("select counted from item where key = 'm:m-later'");
  expect(rows).toEqual([{ counted: true }]);
});

it('does so also where ingest stops before it began, and where another replica holds the file', async () => {
  await stack.startIngest('one');
  await writeFile('s-one');
  await stack.startIngest('two');
  await eventually(async () => {
    const { rows } = await stack.pool.query('select distinct owner from checkpoint where owner is not null');
    expect(rows).toHaveLength(2);
  });
  await retry({});
  await stack.stopAllIngests();
  await stack.startIngest('three');
  await eventually(async () => {
    expect(await marked()).toBe(0);
    await isBack('s-one');
  });
  expect(await reasons()).toHaveLength(1);
});

it('takes nothing else for a request', async () => {
  await stack.startIngest();
  expect(await retry({ file: 5 })).toHaveProperty('err');
  expect(await retry({ file: 'no such file' })).toMatchObject({ response: { files: 0 } });
});
