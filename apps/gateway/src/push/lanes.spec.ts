import { setTimeout as delay } from 'node:timers/promises';
import { Lanes } from './lanes';

it('does one after the other under a name, in order, and different names side by side', async () => {
  const lanes = new Lanes();
  const log: string[] = [];
  const work = (name: string, until?: Promise<unknown>) => async () => {
    log.push(`${name} begins`);
    await (until ?? delay(0));
    log.push(`${name} ends`);
    return name;
  };
  // The first under one name waits for the other name's.
  const { promise, resolve } = Promise.withResolvers<string>();
  const all = [lanes.run('x', work('x1', promise)), lanes.run('x', work('x2'))];
  all.push(lanes.run('y', work('y1')));
  void all[2]?.then(resolve);
  expect(await Promise.all(all)).toEqual(['x1', 'x2', 'y1']);
  expect(log.filter((line) => line.startsWith('x'))).toEqual([
    'x1 begins',
    'x1 ends',
    'x2 begins',
    'x2 ends',
  ]);
  expect(log.indexOf('y1 ends')).toBeLessThan(log.indexOf('x1 ends'));
});

it('goes on after a failure, and forgets what is done', async () => {
  const lanes = new Lanes();
  const failed = lanes.run('x', () => Promise.reject(new Error('no')));
  const next = lanes.run('x', async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
  await delay(0);
  expect(lanes.size).toBe(0);
});
