import { trackedFile as file } from '../testing/tracked-file';
import type { TrackedFile } from '../tailing/tracked-file';
import { TurnScheduler, type TurnLimits, type TurnRunner } from './turn-scheduler';

/** Turns end when the test says so. */
class Runner implements TurnRunner {
  readonly begun: string[] = [];
  isOpen = true;
  private readonly ends = new Map<string, (wantsMore: boolean) => void>();

  run(of: TrackedFile): Promise<boolean> {
    this.begun.push(of.path);
    return new Promise((done) => this.ends.set(of.path, done));
  }
  isBacklogOpen(): boolean {
    return this.isOpen;
  }
  async end(path: string, wantsMore = false): Promise<void> {
    this.ends.get(path)?.(wantsMore);
    await new Promise(setImmediate);
  }
}

function setUp(limits: Partial<TurnLimits> = {}) {
  const runner = new Runner();
  const scheduler = new TurnScheduler(runner, { turns: 1, bytes: 1e9, factBytes: 512 * 1024, ...limits });
  return { runner, scheduler };
}

test('live files go first in their order, then the backlog, oldest first', async () => {
  const { runner, scheduler } = setUp();
  scheduler.request(file('new', { mtimeMs: 30 }), 'backlog');
  scheduler.request(file('old', { mtimeMs: 10 }), 'backlog');
  scheduler.request(file('middle', { mtimeMs: 20 }), 'backlog');
  scheduler.request(file('live 1'), 'live');
  scheduler.request(file('live 2'), 'live');
  scheduler.start();
  for (const path of ['live 1', 'live 2', 'old', 'middle', 'new']) await runner.end(path);
  expect(runner.begun).toEqual(['live 1', 'live 2', 'old', 'middle', 'new']);
});

test('a file of the backlog that is touched becomes live, and has one turn', async () => {
  const { runner, scheduler } = setUp();
  const [a, b] = [file('a', { mtimeMs: 1 }), file('b', { mtimeMs: 2 })];
  scheduler.request(a, 'backlog');
  scheduler.request(b, 'backlog');
  scheduler.request(b, 'live');
  scheduler.start();
  await runner.end('b');
  await runner.end('a');
  expect(runner.begun).toEqual(['b', 'a']);
});

test('one turn of a file at a time; what happens meanwhile leads to one more', async () => {
  const { runner, scheduler } = setUp({ turns: 10 });
  const a = file('a');
  scheduler.start();
  scheduler.request(a, 'live');
  scheduler.request(a, 'live');
  scheduler.request(a, 'live');
  expect(runner.begun).toEqual(['a']);
  await runner.end('a');
  expect(runner.begun).toEqual(['a', 'a']);
  await runner.end('a');
  expect(runner.begun).toEqual(['a', 'a']);
});

test('a file that wants more lets the other live files go before it', async () => {
  const { runner, scheduler } = setUp();
  scheduler.request(file('a'), 'live');
  scheduler.request(file('b'), 'live');
  scheduler.start();
  await runner.end('a', true);
  await runner.end('b');
  expect(runner.begun).toEqual(['a', 'b', 'a']);
});

test('the backlog waits for the gate, live files do not', async () => {
  const { runner, scheduler } = setUp({ turns: 10 });
  runner.isOpen = false;
  scheduler.start();
  scheduler.request(file('old'), 'backlog');
  scheduler.request(file('live'), 'live');
  expect(runner.begun).toEqual(['live']);
  runner.isOpen = true;
  scheduler.drain();
  expect(runner.begun).toEqual(['live', 'old']);
});

test('bytes under way are bounded', async () => {
  const { runner, scheduler } = setUp({ turns: 10, bytes: 1024 * 1024 });
  for (const path of ['a', 'b', 'c']) scheduler.request(file(path, { size: 10_000_000 }), 'backlog');
  scheduler.start();
  expect(runner.begun).toHaveLength(2);
  await runner.end(runner.begun[0] ?? '');
  expect(runner.begun).toHaveLength(3);
});

test('stopping waits for the turns under way and begins no other', async () => {
  const { runner, scheduler } = setUp();
  scheduler.request(file('a'), 'live');
  scheduler.request(file('b'), 'live');
  scheduler.start();
  let stopped = false;
  const stopping = scheduler.stop().then(() => (stopped = true));
  await new Promise(setImmediate);
  expect(stopped).toBe(false);
  await runner.end('a', true);
  await stopping;
  expect(runner.begun).toEqual(['a']);
});

test('says when the turn of a file is over; without one that is at once', async () => {
  const { runner, scheduler } = setUp({ turns: 2 });
  const [a, b] = [file('a'), file('b')];
  for (const each of [a, b]) scheduler.request(each, 'live');
  scheduler.start();
  const over: string[] = [];
  for (const each of [a, b]) void scheduler.turnOver(each).then(() => over.push(each.path));
  await runner.end('b');
  expect(over).toEqual(['b']);
  await runner.end('a');
  expect(over).toEqual(['b', 'a']);
  await scheduler.turnOver(a);
});
