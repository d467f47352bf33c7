import type { ServerExit } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { Supervised, type Running } from './supervised';

/** Something that runs until told otherwise. */
class Puppet implements Running {
  private end: (exit: ServerExit) => void = () => undefined;
  readonly exited = new Promise<ServerExit>((done) => (this.end = done));
  constructor(
    readonly pid: number,
    readonly port: number,
  ) {}
  stop = () => Promise.resolve(this.end({ code: 0, signal: null }));
  kill = () => Promise.resolve(this.end({ code: null, signal: 'SIGKILL' }));
}

function play(failAt: readonly number[] = []) {
  const lines: string[] = [];
  const runs: Puppet[] = [];
  let begun = 0;
  const supervised = new Supervised<Puppet>(
    'ingest',
    (before) => {
      if (failAt.includes(++begun)) return Promise.reject(new Error('port taken\nand more\nand more'));
      runs.push(new Puppet(begun, before?.port ?? 1000 + begun));
      return Promise.resolve(runs.at(-1) as Puppet);
    },
    (line) => lines.push(line),
  );
  return { lines, runs, supervised };
}

describe('Supervised', () => {
  it('starts again what ends, says so in a line, and knows the run before', async () => {
    const { lines, runs, supervised } = play();
    await supervised.start();
    await runs[0]?.kill();
    await eventually(() => expect(runs).toHaveLength(2));
    expect(lines).toEqual(['ingest was ended by SIGKILL; starting it again in 0.1 s']);
    expect(runs[1]?.port).toBe(1001);
    await supervised.stop();
  });

  it('tries again when a later start fails, ever more slowly', async () => {
    const { lines, runs, supervised } = play([2, 3]);
    await supervised.start();
    await runs[0]?.stop();
    await eventually(() => expect(runs).toHaveLength(2));
    expect(lines).toEqual([
      'ingest ended (exit code 0); starting it again in 0.1 s',
      'ingest cannot be started (port taken and more); starting it again in 0.2 s',
      'ingest cannot be started (port taken and more); starting it again in 0.4 s',
    ]);
    await supervised.stop();
  });

  it('passes on that the first start fails', async () => {
    await expect(play([1]).supervised.start()).rejects.toThrow('port taken');
  });

  it('leaves it ended when it is stopped, also while it waits to start again', async () => {
    const { lines, runs, supervised } = play();
    await supervised.start();
    await supervised.stop();
    expect(lines).toEqual([]);
    const other = play();
    await other.supervised.start();
    await other.runs[0]?.kill();
    await eventually(() => expect(other.lines).toHaveLength(1));
    await other.supervised.stop();
    expect(other.runs).toHaveLength(1);
    expect(runs).toHaveLength(1);
  });
});
