import { homedir } from 'node:os';
import { join } from 'node:path';
import { openCodeFromEnvironment } from './environment';
import { openCodeSource } from './opencode-source';

const root = '/home/me/.local/share/opencode';
const source = openCodeSource([root]);

test.each([
  ['storage', true],
  ['storage/session', true],
  ['storage/session/e636a08f', true],
  ['storage/message/ses_1', true],
  ['storage/part', true],
  ['storage/part/msg_1', true],
  ['storage/todo', true],
  ['message/ses_1', true],
  ['storage/session_diff', false],
  ['storage/part/msg_1/deeper', false],
  ['snapshot', false],
  ['log', false],
  ['opencode.db-shm', false],
])('enters %s: %s', (folder, expected) => {
  expect(source.entersDirectory(root, `${root}/${folder}`)).toBe(expected);
});

test.each([
  ['storage/message/ses_1', true],
  ['storage/part/msg_1', true],
  ['part/msg_1', true],
  ['storage/part', false],
  ['storage/message', false],
  ['storage/session/e636a08f', false],
])('%s is of a short life: %s', (folder, expected) => {
  expect(source.isShortLived?.(root, `${root}/${folder}`)).toBe(expected);
});

test.each([
  ['storage/session/p/ses_1.json', 'ses_1'],
  ['storage/message/ses_1/msg_1.json', 'ses_1'],
  ['storage/todo/ses_1.json', 'ses_1'],
  ['opencode.db#ses_1', 'ses_1'],
  ['storage/part/msg_1/prt_1.json', root],
  ['opencode-dev.db', `${root}/opencode-dev.db`],
  ['opencode-dev.db-wal', `${root}/opencode-dev.db`],
  ['auth.json', undefined],
  ['opencode.db-shm', undefined],
  ['storage/migration', undefined],
])('%s is read in the order of %s', (path, orderingKey) => {
  expect(source.describeFile(root, `${root}/${path}`)?.orderingKey).toBe(orderingKey);
});

test('its data lies in OPENCODE_DATA_DIR, else in the folder for data; the demo plays beside it', () => {
  expect(openCodeFromEnvironment({}).roots).toEqual([join(homedir(), '.local/share/opencode')]);
  expect(openCodeFromEnvironment({ XDG_DATA_HOME: '/srv/data' }).roots).toEqual(['/srv/data/opencode']);
  const roots = openCodeFromEnvironment({
    OPENCODE_DATA_DIR: '/srv/a, /srv/b,/srv/a',
    XDG_DATA_HOME: '/srv/data',
    TELLTALE_DEMO_ROOT: '/tmp/demo',
  }).roots;
  expect(roots).toEqual(['/srv/a', '/srv/b', '/tmp/demo/opencode']);
});
