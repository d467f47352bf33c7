import { eventually } from '@telltale/platform/testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { TelltaleProcess } from '../harness/telltale-process';
import { newRoot, WritingSession } from './fixture';

const sessionId = 'd0c5d0c5-0000-4000-8000-000000000001';
const adminPassword = 'as-the-documents-say';

let root: string;
let telltale: TelltaleProcess;
let session: WritingSession;
let reader = '';
const running: ChildProcess[] = [];

beforeAll(async () => {
  root = newRoot();
  telltale = await TelltaleProcess.start({
    claudeRoot: root,
    env: { TELLTALE_ADMIN_PASSWORD: adminPassword },
    onLine: (line) => {
      reader = /nats sub 'telltale\.live\.>' --server (\S+)/.exec(line)?.[1] ?? reader;
    },
  });
  session = new WritingSession(root, sessionId);
  session.prompt();
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill();
});
afterAll(async () => {
  await telltale?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** The script that stands in a page of the documents, as it stands there, but for the address. */
function scriptIn(page: string): string {
  const script = /```js\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8'))?.[1];
  if (script === undefined) throw new Error(`${page} has no script`);
  return script.replaceAll('http://127.0.0.1:4400', telltale.url);
}

/** Runs a script; gives what it has said so far. */
function run(script: string, env: Readonly<Record<string, string>>): () => string {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => {
      said += data.toString();
    });
  return () => said;
}

/** Says more of the session until the client has shown it. */
async function showsTheSession(said: () => string): Promise<void> {
  await eventually(
    () => {
      session.answer();
      expect(said()).toContain(sessionId);
    },
    { timeoutMs: 60_000, everyMs: 250 },
  );
  expect(said()).not.toMatch(/Error: |\n    at .*:\d+/);
}

it('the subscriber of docs/subscribe.md follows the fleet with the credential that is printed', async () => {
  await eventually(() => expect(reader).toMatch(/^nats:\/\/reader:/)); // stands below the line that says it is ready
  await showsTheSession(run(scriptIn('docs/subscribe.md'), { TELLTALE_NATS: reader }));
});

it('the client of docs/api.md signs in and follows the fleet', async () => {
  const said = run(scriptIn('docs/api.md'), { TELLTALE_ADMIN_PASSWORD: adminPassword });
  await showsTheSession(said);
  expect(said()).toMatch(/\d+ sessions/);
});
