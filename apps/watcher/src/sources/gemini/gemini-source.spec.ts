import { geminiSource } from './gemini-source';

const root = '/home/me/.gemini';
const source = geminiSource([root]);

test.each([
  ['tmp', true],
  ['tmp/7e8989f7', true],
  ['tmp/7e8989f7/chats', true],
  ['tmp/7e8989f7/chats/faff42ab-6ea5', true],
  ['tmp/7e8989f7/chats/faff42ab-6ea5/deeper', false],
  ['tmp/7e8989f7/logs', false],
  ['history', false],
])('enters %s: %s', (folder, expected) => {
  expect(source.entersDirectory(root, `${root}/${folder}`)).toBe(expected);
});

test.each([
  ['tmp/7e8989f7/chats/session-2026-01-10T02-08-faff42ab.json', true],
  ['tmp/7e8989f7/chats/session-2026-01-10T02-08-faff42ab.jsonl', true],
  ['tmp/7e8989f7/chats/faff42ab-6ea5/a1b2.jsonl', true],
  ['tmp/7e8989f7/chats/notes.json', false],
  ['tmp/7e8989f7/logs.json', false],
  ['oauth_creds.json', false],
])('reads %s: %s', (file, expected) => {
  expect(source.describeFile(root, `${root}/${file}`) !== undefined).toBe(expected);
});
