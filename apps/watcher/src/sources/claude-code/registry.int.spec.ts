import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@telltale/platform/testing';
import { workbench, type Workbench } from '../../testing/watching';

let bench: Workbench;
let agent: ChildProcess;
let path: string;
beforeEach(async () => {
  bench = await workbench();
  agent = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1e6)'], { stdio: 'ignore' });
  const folder = join(bench.root, 'sessions');
  await mkdir(folder, { recursive: true });
  path = join(folder, `${agent.pid}.json`);
});
afterEach(async () => {
  await killed();
  await bench.close();
});

async function killed(): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  const ended = once(agent, 'exit');
  agent.kill('SIGKILL');
  await ended;
}

/** As the tool names where its pid can be seen: here, also where the tests run in a container. */
const pidDomain = `linux:${existsSync('/etc/machine-id') ? readFileSync('/etc/machine-id', 'utf8').trim() : 'm'}:${readlinkSync('/proc/self/ns/pid')}`;

const registered = (status: string, sessionId = 's') =>
  writeFile(path, JSON.stringify({ pid: agent.pid, pidDomain, sessionId, status, updatedAt: Date.now() }));
const types = async () =>
  (await bench.facts())
    .filter(({ attributes }) => attributes.path === path)
    .map(({ attributes }) => attributes.type.split('.').slice(1, 3).join('.'));

test('a process that is killed and leaves its file behind is said to be gone, once', async () => {
  await registered('busy');
  const first = await bench.watch();
  await eventually(async () => expect(await types()).toEqual(['file.appended']));
  await registered('waiting');
  await eventually(async () => expect(await types()).toEqual(['file.appended', 'file.appended']));
  await killed();
  await eventually(async () =>
    expect(await types()).toEqual(['file.appended', 'file.appended', 'process.gone']),
  );
  await first.stop();
  const second = await bench.watch();
  await eventually(() => expect(second.watcher.backfill().done).toBe(true));
  expect(await types()).toHaveLength(3);
});

test('one that died while no watcher ran is found by the next', async () => {
  await registered('busy');
  const first = await bench.watch();
  await eventually(async () => expect(await types()).toEqual(['file.appended']));
  await first.stop();
  await killed();
  await bench.watch();
  await eventually(async () => expect(await types()).toEqual(['file.appended', 'process.gone']));
});

test('one that ends in order removes its file', async () => {
  await registered('idle');
  await bench.watch();
  await eventually(async () => expect(await types()).toEqual(['file.appended']));
  await rm(path);
  await eventually(async () => expect(await types()).toEqual(['file.appended', 'file.removed']));
});

test('what it says next is read behind what it said before, also after a restart: another session is a change', async () => {
  await registered('busy', 'first');
  const watching = await bench.watch();
  await eventually(async () => expect(await types()).toHaveLength(1));
  await registered('busy', 'second');
  await eventually(async () => expect(await types()).toHaveLength(2));
  await watching.stop();
  await registered('idle', 'third');
  await bench.watch();
  await eventually(async () => expect(await types()).toHaveLength(3));
  const facts = (await bench.facts()).filter(({ attributes }) => attributes.path === path);
  expect(new Set(facts.map(({ attributes }) => attributes.generation)).size).toBe(1);
  let end = 0;
  for (const { attributes, body } of facts) {
    expect([attributes.from, attributes.to]).toEqual([end, end + body.length]);
    end = attributes.to;
  }
});
