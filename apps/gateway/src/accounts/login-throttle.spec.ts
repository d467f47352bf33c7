import { ProblemException } from '../problems/problem';
import { LoginThrottle } from './login-throttle';
import type { FailureCounts } from './shared-failures';

/** As where the database does not answer: each counts for itself. */
const alone: FailureCounts = { note: async () => undefined, forget: async () => undefined };

let now = 0;
let throttle: LoginThrottle;
beforeEach(() => {
  now = 1_000_000;
  throttle = new LoginThrottle(() => now, alone);
});

const attempt = async (address: string, name: string, succeeds: boolean): Promise<string> => {
  try {
    return (await throttle.guard({ address, name }, async () => (succeeds ? 'in' : undefined))) ?? 'wrong';
  } catch (error) {
    if (error instanceof ProblemException)
      return `${error.problem.status} after ${error.headers['retry-after'] ?? ''}`;
    throw error;
  }
};
const fail = async (times: number, address: string, name: (n: number) => string) => {
  for (let n = 0; n < times; n++) expect(await attempt(address, name(n), false)).toBe('wrong');
};

it('makes who guesses one name wait, and nobody else', async () => {
  await fail(10, '10.0.0.1', () => 'admin');
  expect(await attempt('10.0.0.1', 'admin', true)).toBe('429 after 60');
  expect(await attempt('10.0.0.1', 'kim', true)).toBe('in');
  expect(await attempt('10.0.0.2', 'admin', true)).toBe('in');
  now += 60_001;
  expect(await attempt('10.0.0.1', 'admin', true)).toBe('in');
});

it('makes who guesses many names wait', async () => {
  await fail(50, '10.0.0.1', (n) => `user-${n}`);
  expect(await attempt('10.0.0.1', 'fresh', true)).toBe('429 after 60');
});

it('forgets failures after a success', async () => {
  await fail(9, '10.0.0.1', () => 'admin');
  expect(await attempt('10.0.0.1', 'admin', true)).toBe('in');
  await fail(10, '10.0.0.1', () => 'admin');
});

it('checks only two passwords at once, and lets a few more wait', async () => {
  let release = () => {};
  let [running, most] = [0, 0];
  const gate = new Promise<void>((done) => (release = done));
  const checked = async () => {
    most = Math.max(most, ++running);
    await gate;
    running--;
    return 'in';
  };
  const slow = Array.from({ length: 16 }, () => throttle.guard({ address: 'a', name: 'n' }, checked));
  expect(await attempt('b', 'm', true)).toBe('429 after 1');
  release();
  expect(await Promise.all(slow)).toEqual(Array.from({ length: 16 }, () => 'in'));
  expect(most).toBe(2);
  expect(await attempt('b', 'm', true)).toBe('in');
});

it('counts failures also of those who came at the same time', async () => {
  const answers = await Promise.all(Array.from({ length: 16 }, () => attempt('10.0.0.1', 'admin', false)));
  expect(answers.filter((answer) => answer === 'wrong').length).toBeLessThanOrEqual(11);
});

it('locks nobody out for longer when the clock was put back', async () => {
  await fail(10, '10.0.0.1', () => 'admin');
  now -= 900_000;
  expect(await attempt('10.0.0.1', 'admin', true)).toBe('in');
});

it('refuses what all replicas together count as too much, for as long as they say', async () => {
  const noted: (readonly string[])[] = [];
  throttle = new LoginThrottle(() => now, {
    note: async (keys) => {
      noted.push(keys);
      return keys.map((_, n) => (n === 0 ? { count: 10, leftMs: 12_345 } : { count: 1, leftMs: 60_000 }));
    },
    forget: async () => undefined,
  });
  expect(await attempt('10.0.0.1', 'admin', false)).toBe('wrong');
  expect(await attempt('10.0.0.1', 'admin', true)).toBe('429 after 13');
  expect(await attempt('10.0.0.1', 'kim', true)).toBe('in');
  now += 12_346;
  expect(await attempt('10.0.0.1', 'admin', true)).toBe('in');
  expect(noted).toHaveLength(1);
});
