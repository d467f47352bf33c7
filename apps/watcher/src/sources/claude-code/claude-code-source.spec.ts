import { claudeCodeSource } from './claude-code-source';

const root = '/home/me/.claude';
const source = claudeCodeSource([root]);
const session = '0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f';
const project = `${root}/projects/-home-me-shop`;

test.each([
  [`${session}.jsonl`, 'lines'],
  ['agent-1.jsonl', 'lines'],
  [`${session}/subagents/agent-1.jsonl`, 'lines'],
  [`${session}/subagents/agent-1.meta.json`, 'document'],
  [`${session}/subagents/workflows/wf_1/agent-2.jsonl`, 'lines'],
  [`${session}/custom-title.json`, 'document'],
  ['sessions-index.json', 'document'],
  [`${session}.key`, undefined],
  [`${session}/tool-results/1.txt`, undefined],
])('%s is read as %s', (path, reading) => {
  expect(source.describeFile(root, `${project}/${path}`)?.reading).toBe(reading);
});

test('files of one session have one ordering key', () => {
  const keys = [`${session}.jsonl`, `${session}/subagents/agent-1.jsonl`, `${session}/custom-title.json`].map(
    (path) => source.describeFile(root, `${project}/${path}`)?.orderingKey,
  );
  expect(new Set(keys)).toEqual(new Set([session]));
});

test('nothing beside the projects is entered or read', () => {
  expect(source.entersDirectory(root, `${root}/projects`)).toBe(true);
  expect(source.entersDirectory(root, `${project}/${session}/subagents`)).toBe(true);
  expect(source.entersDirectory(root, `${project}/${session}/tool-results`)).toBe(false);
  expect(source.entersDirectory(root, `${root}/sessions`)).toBe(true);
  expect(source.describeFile(root, `${root}/sessions/1.json`)?.reading).toBeInstanceOf(Function);
  for (const name of ['todos', 'shell-snapshots', 'sessions/deeper'])
    expect(source.entersDirectory(root, `${root}/${name}`)).toBe(false);
  for (const name of ['history.jsonl', 'sessions/x.json', 'sessions/1.key', '.credentials.json']) {
    expect(source.describeFile(root, `${root}/${name}`)).toBeUndefined();
  }
});
