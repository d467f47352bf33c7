import { livenessOf, parseProcess, type PidDomain } from './registered-process';

const here: PidDomain = { machine: 'm1', namespace: 'pid:[1]', isContainer: false };
const own = { pid: process.pid, procStart: undefined, pidDomain: 'linux:m1:pid:[1]' };
/** Above what Linux gives out. */
const nobody = 2 ** 22 + 1;

test('a process that runs is alive, one that does not is dead', () => {
  expect(livenessOf(own, here)).toBe('alive');
  expect(livenessOf({ ...own, pid: nobody }, here)).toBe('dead');
});

test('a pid that was given to another process is not the one that registered', () => {
  expect(livenessOf({ ...own, procStart: '1' }, here)).toBe('other-process');
});

test.each([
  ['another machine', 'linux:m2:pid:[1]', here],
  ['another container', 'linux:m1:pid:[2]', here],
  ['a watcher in a container, and a version that names no domain', undefined, { ...here, isContainer: true }],
])('of %s nothing is known', (_, pidDomain, domain) => {
  expect(livenessOf({ ...own, pid: nobody, pidDomain }, domain)).toBe('unknown');
});

test('versions that name no domain are of this machine', () => {
  expect(livenessOf({ ...own, pid: nobody, pidDomain: undefined }, here)).toBe('dead');
});

test.each(['', '{', '[]', '{"pid":"4"}', '{"pid":-1}'])('%j is no registry file', (text) => {
  expect(parseProcess(text)).toBeUndefined();
});
