import { AuditQuota } from './audit-quota';

const times = (n: number, take: () => number | undefined) => Array.from({ length: n }, take);

it('lets one address write five refusals a minute, and then says how many it left out', () => {
  const quota = new AuditQuota();
  const taken = times(12, () => quota.take('10.0.0.1', 1000));
  expect(taken).toEqual([0, 0, 0, 0, 0, ...times(7, () => undefined)]);
  expect(quota.take('10.0.0.2', 1000)).toBe(7);
  expect(quota.take('10.0.0.1', 61_000)).toBe(0);
});

it('lets all addresses together write twenty a minute', () => {
  const quota = new AuditQuota();
  let n = 0;
  const taken = times(100, () => quota.take(`10.0.0.${n++}`, 0));
  expect(taken.filter((each) => each !== undefined)).toHaveLength(20);
  expect(quota.take('10.0.1.1', 60_000)).toBe(80);
});

it('does not wait for a clock that was put back', () => {
  const quota = new AuditQuota();
  times(5, () => quota.take('a', 10_000_000));
  expect(quota.take('a', 1000)).toBe(0);
});
