import { factHeaders, factSubject, stableHash, type FactType, type Source } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import { fold, type Folded } from './fold';

interface Told {
  readonly source: Source;
  readonly root: string;
  readonly path: string;
  readonly type?: FactType;
  readonly lines: readonly object[];
}

function factOf({ source, root, path, type = 'telltale.file.appended.v1', lines }: Told): FactMessage {
  const body = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const headers = new Map(
    factHeaders({
      specversion: '1.0',
      id: 'fact-0001',
      source: '/watchers/atlas',
      type,
      time: '2026-06-01T10:00:00.000Z',
      path,
      root,
      generation: 'first',
      from: 0,
      to: body.length,
    }),
  );
  return {
    subject: factSubject({ partition: 0, source, host: 'atlas', file: stableHash(path) }),
    sequence: 1,
    time: Date.parse('2026-06-01T10:00:01.000Z'),
    body,
    header: (name) => headers.get(name),
  };
}

const folded = (told: Told): Promise<Folded> =>
  fold([factOf(told)], {
    fileStates: async () => new Map(),
    parts: async () => [],
    attachmentProblem: async () => undefined,
  });

const prompt = (sessionId: string) => ({
  type: 'user',
  uuid: 'u1',
  sessionId,
  timestamp: '2026-06-01T10:00:00.000Z',
  message: { role: 'user', content: 'hi' },
});

describe('ids of pushed sessions', () => {
  const pushed: Told = {
    source: 'push',
    root: '',
    path: 'push:chat-7',
    type: 'telltale.session.reported.v1',
    lines: [{ kind: 'message', at: '2026-06-01T10:00:00.000Z', id: 'a', role: 'user', text: 'hi' }],
  };
  const transcript = (id: string): Told => ({
    source: 'claude-code',
    root: '/home/dev/.claude',
    path: `/home/dev/.claude/projects/-p/${id}.jsonl`,
    lines: [prompt(id)],
  });
  const agent = (id: string): Told => ({
    ...transcript(id),
    path: '/home/dev/.claude/projects/-p/agent-1.jsonl',
  });
  const rollout = (id: string): Told => ({
    source: 'codex',
    root: '/home/dev/.codex',
    path: '/home/dev/.codex/sessions/2026/06/01/rollout-2026-06-01T10-00-00-x.jsonl',
    lines: [
      {
        timestamp: '2026-06-01T10:00:00.000Z',
        type: 'session_meta',
        payload: { id, timestamp: '2026-06-01T10:00:00.000Z', cwd: '/p' },
      },
    ],
  });

  it('are the gateway’s to give', async () => {
    const { draft, quarantined } = await folded(pushed);
    expect([[...draft.sessions.keys()], quarantined]).toEqual([['push:chat-7'], []]);
  });

  it.each([
    ['a transcript', transcript('push:chat-7')],
    ['a subagent’s transcript', agent('push:chat-7')],
    ['a rollout', rollout('push:chat-7')],
  ])('cannot be taken by %s', async (_, told) => {
    const { draft, quarantined } = await folded(told);
    expect([...draft.sessions.keys()]).toEqual([]);
    expect([draft.items.size, draft.usage.size]).toEqual([0, 0]);
    expect(quarantined).toMatchObject([{ line: 0, reason: expect.stringContaining('push') as string }]);
  });

  it.each([
    ['transcript', transcript('a'), 'a'],
    ['subagent’s transcript', agent('push-7'), 'push-7'],
    ['rollout', rollout('b'), 'b'],
  ])('are none of an honest %s', async (_, told, id) => {
    const { draft, quarantined } = await folded(told);
    expect([[...draft.sessions.keys()], quarantined]).toEqual([[id], []]);
  });
});
