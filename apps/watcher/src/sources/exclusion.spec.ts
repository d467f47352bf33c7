import { hash } from 'node:crypto';
import { createExclusion } from './exclusion';

test('nothing is excluded without patterns', () => {
  expect(createExclusion([])('/home/me/.claude/projects/-home-me-x/a.jsonl')).toBe(false);
  expect(createExclusion(['', '/'])('/home/me')).toBe(false);
});

const chat = (project: string) => `/home/me/.gemini/tmp/${project}/chats/session-1.json`;
const transcript = (project: string) => `/home/me/.claude/projects/${project}/a.jsonl`;
test.each([
  ['/home/me/.claude/projects/-a', transcript('-a'), true],
  ['/home/me/.claude/projects/-a', transcript('-ab'), false],
  ['/home/me/secret', transcript('-home-me-secret'), true],
  ['/home/me/secret/', transcript('-home-me-secret-below'), true],
  ['/home/me/secret', transcript('-home-me-secrets'), false],
  ['/home/me/secret', transcript('-home-me-open'), false],
  ['/home/*/secret_one', transcript('-home-you-secret-one'), true],
  ['*client*', transcript('-home-me-client-work'), true],
  ['client', transcript('-home-me-client-work'), false],
  ['-home-me-client', transcript('-home-me-client'), true],
  ['/a.b', '/aXb/c', false],
  ['/home/me/secret', chat('d2c34fb69a9b7c3b'), false],
  ['/home/me/secret/', chat(hash('sha256', '/home/me/secret')), true],
  ['/home/me/secret', chat(hash('sha256', '/home/me/secret/below')), false],
])('%s excludes %s: %s', (pattern, path, expected) => {
  expect(createExclusion([pattern])(path)).toBe(expected);
});
