import { openCodeDecoder } from './decoder';
import { openCodeFile } from './store-path';

const root = '/home/me/.local/share/opencode';

test.each([
  ['storage/session/p/ses_1.json', { kind: 'session', sessionId: 'ses_1' }],
  ['storage/message/ses_1/msg_1.json', { kind: 'message', sessionId: 'ses_1', messageId: 'msg_1' }],
  ['storage/part/msg_1/prt_1.json', { kind: 'part', messageId: 'msg_1', partId: 'prt_1' }],
  ['storage/part/prt_1.json', { kind: 'part', messageId: null, partId: 'prt_1' }],
  ['storage/todo/ses_1.json', { kind: 'todo', sessionId: 'ses_1' }],
  ['message/ses_1/msg_1.json', { kind: 'message', sessionId: 'ses_1', messageId: 'msg_1' }],
  ['opencode.db', { kind: 'database', database: `${root}/opencode.db` }],
  ['opencode-dev.1.db-wal', { kind: 'write-ahead-log', database: `${root}/opencode-dev.1.db` }],
  ['opencode.db#ses_1', { kind: 'rows', database: `${root}/opencode.db`, sessionId: 'ses_1' }],
  ['opencode.db-shm', { kind: 'other' }],
  ['auth.json', { kind: 'other' }],
  ['storage/message/ses_1/.msg_1.json', { kind: 'other' }],
  ['storage/message/ses_1/msg_1.json.tmp', { kind: 'other' }],
  ['storage/session_diff/ses_1.json', { kind: 'other' }],
  ['storage/session/p/deeper/ses_1.json', { kind: 'other' }],
  ['log/opencode.db/x', { kind: 'other' }],
])('%s', (path, expected) => {
  expect(openCodeFile(root, `${root}/${path}`)).toEqual(expected);
});

test('the place of a file tells without its root', () => {
  expect(openCodeFile('', 'C:\\Users\\me\\opencode\\storage\\part\\msg_1\\prt_1.json')).toEqual({
    kind: 'part',
    messageId: 'msg_1',
    partId: 'prt_1',
  });
});

test('of the many small files of a session only its own document is listed', () => {
  const roleOf = (path: string) => openCodeDecoder.roleOf({ root, path: `${root}/${path}` });
  expect(roleOf('storage/session/p/ses_1.json')).toBe('main');
  expect(roleOf('opencode.db#ses_1')).toBe('main');
  expect(roleOf('storage/message/ses_1/msg_1.json')).toBe('');
  expect(roleOf('storage/part/msg_1/prt_1.json')).toBe('');
});
