import { uiTestFromEnvironment } from './environment';
import { uiTestSource } from './ui-test-source';

const root = '/srv/results';
const source = uiTestSource({ roots: [root], screenshotLimitBytes: 1000 });
const run = `${root}/session_1762316690033`;

test.each([
  ['output.json', 'document'],
  ['screenshots/end_2025-11-05T04-24-58.png', 'function'],
  ['screenshots/a.JPG', 'function'],
  ['screenshots/a.webp', 'function'],
  ['screenshots/a.txt', undefined],
  ['screenshots/.a.png', undefined],
  ['screenshots/more/a.png', undefined],
  ['a.png', undefined],
  ['logs/console.log', undefined],
  ['logs/output.json', undefined],
])('%s of a run is read as %s', (name, expected) => {
  const described = source.describeFile(root, `${run}/${name}`);
  const reading = described?.reading;
  expect(typeof reading === 'function' ? 'function' : reading).toBe(expected);
  expect(described?.orderingKey).toBe(expected && 'session_1762316690033');
});

test.each([
  [run, true],
  [`${run}/screenshots`, true],
  [`${run}/logs`, false],
  [`${run}/screenshots/more`, false],
  [`${root}/other`, false],
  [`${root}/session_`, false],
])('enters %s: %s', (directory, expected) => expect(source.entersDirectory(root, directory)).toBe(expected));

test('a run is told of by its folder, and nothing else is', () => {
  expect(source.describeDirectory?.(root, run)?.orderingKey).toBe('session_1762316690033');
  for (const other of [root, `${root}/other`, `${run}/screenshots`])
    expect(source.describeDirectory?.(root, other)).toBeUndefined();
});

test('its folders are named by the environment, the demo’s beside them', () => {
  expect(uiTestFromEnvironment({}).roots).toEqual([]);
  const env = { TELLTALE_TEST_RESULTS: '/a, /b,/a', TELLTALE_DEMO_ROOT: '/demo' };
  expect(uiTestFromEnvironment(env).roots).toEqual(['/a', '/b', '/demo/ui-test']);
});

test.each(['0', '-1', 'much', '1.5', '99999999999'])('a limit of %s is refused by its name', (limit) => {
  expect(() => uiTestFromEnvironment({ TELLTALE_SCREENSHOT_LIMIT: limit })).toThrow(
    /TELLTALE_SCREENSHOT_LIMIT/,
  );
});
