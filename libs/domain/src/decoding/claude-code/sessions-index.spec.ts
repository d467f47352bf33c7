import { claudeCodeDecoder } from './decoder';

const file = { root: '/r', path: '/r/projects/-srv-app/sessions-index.json' };
const index = (...entries: object[]) => JSON.stringify({ version: 1, entries, originalPath: '/srv/app' });

it('says of all other sessions what its versions said', () => {
  const versions = [
    index(
      { sessionId: 'a', firstPrompt: 'secret' },
      { sessionId: 'b', customTitle: 'kept', modified: '2026-01-01' },
    ),
    'no json',
    index(
      { sessionId: 'a', summary: 'secret' },
      { sessionId: 'b', summary: 'new', modified: '2026-02-01' },
      { sessionId: 'c' },
    ),
  ];
  const text = claudeCodeDecoder.withoutSessions?.(versions, file, (id) => id === 'a');
  expect(JSON.parse(text ?? '')).toEqual({
    version: 1,
    entries: [
      { sessionId: 'b', customTitle: 'kept', summary: 'new', modified: '2026-02-01' },
      { sessionId: 'c' },
    ],
    originalPath: '/srv/app',
  });
});

it('is nothing where no entry is left, and for other files', () => {
  const only = index({ sessionId: 'a' });
  expect(claudeCodeDecoder.withoutSessions?.([only], file, () => true)).toBeUndefined();
  const transcript = { root: '/r', path: '/r/projects/-srv-app/b.jsonl' };
  expect(claudeCodeDecoder.withoutSessions?.([only], transcript, () => false)).toBeUndefined();
});
