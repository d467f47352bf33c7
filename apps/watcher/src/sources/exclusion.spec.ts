import { createExclusion } from './exclusion';

test('nothing is excluded without patterns', () => {
  expect(createExclusion([])('/home/me/.claude/projects/-home-me-x/a.jsonl')).toBe(false);
  expect(createExclusion(['', '/'])('/home/me')).toBe(false);
});

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
])('%s excludes %s: %s', (pattern, path, expected) => {
  expect(createExclusion([pattern])(path)).toBe(expected);
});
