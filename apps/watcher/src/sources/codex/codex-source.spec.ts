import { homedir } from 'node:os';
import { join } from 'node:path';
import { codexSource } from './codex-source';
import { codexFromEnvironment } from './environment';

const home = '/home/me/.codex';
const source = codexSource([home]);
const session = '019ed7c2-0e29-7b52-b92a-ff8e6f9573a0';
const rollout = `rollout-2026-06-17T22-44-39-${session}.jsonl`;

test.each([
  ['', false],
  ['sessions', true],
  ['sessions/2026', true],
  ['sessions/2026/06/17', true],
  ['archived_sessions', true],
  ['log', false],
  ['skills/sessions', false],
])('enters %s: %s', (folder, expected) => {
  expect(source.entersDirectory(home, join(home, folder))).toBe(expected);
});

test.each([
  `sessions/2026/06/17/${rollout}`,
  `sessions/${rollout}`,
  `archived_sessions/${rollout}`,
  `archived_sessions/2026/06/17/${rollout}`,
])('%s is tailed, wherever it lies in the order of its session', (path) => {
  const description = source.describeFile(home, `${home}/${path}`);
  expect(description).toEqual({ reading: 'lines', orderingKey: session });
});

test('a rollout whose name holds no id is in an order of its own', () => {
  const path = `${home}/sessions/copy.jsonl`;
  expect(source.describeFile(home, path)).toEqual({ reading: 'lines', orderingKey: path });
});

test.each([
  'auth.json',
  'config.toml',
  'history.jsonl',
  'session_index.jsonl',
  'state_5.sqlite',
  `sessions/2026/06/17/${rollout}.zst`,
  'sessions/2026/06/17/notes.txt',
  'log/codex-tui.log',
])('%s is never read', (path) => {
  expect(source.describeFile(home, `${home}/${path}`)).toBeUndefined();
});

test('its home is CODEX_HOME, else .codex; the demo plays beside it', () => {
  expect(codexFromEnvironment({}).roots).toEqual([join(homedir(), '.codex')]);
  const roots = codexFromEnvironment({ CODEX_HOME: '/srv/codex', TELLTALE_DEMO_ROOT: '/tmp/demo' }).roots;
  expect(roots).toEqual(['/srv/codex', '/tmp/demo/codex']);
});
