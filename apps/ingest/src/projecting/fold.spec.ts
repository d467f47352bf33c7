import { factHeaders, factSubject, stableHash, type FactType, type Source } from '@telltale/contracts';
import type { FactMessage } from '@telltale/platform';
import { fold, type Folded, type FoldSources } from './fold';

interface Told {
  readonly source: Source;
  readonly root: string;
  readonly path: string;
  readonly type?: FactType;
  readonly part?: string;
  /** Bytes of the generation before it. */
  readonly from?: number;
  readonly sequence?: number;
  readonly lines: readonly object[];
}

function factOf(told: Told): FactMessage {
  const { source, root, path, type = 'telltale.file.appended.v1', from = 0, sequence = 1, lines } = told;
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
      from,
      to: from + body.length,
      ...(told.part === undefined ? {} : { part: told.part }),
    }),
  );
  return {
    subject: factSubject({ partition: 0, source, host: 'atlas', file: stableHash(path) }),
    sequence,
    time: Date.parse('2026-06-01T10:00:01.000Z'),
    body,
    header: (name) => headers.get(name),
  };
}

const sources: FoldSources = {
  fileStates: async () => new Map(),
  parts: async () => [],
  attachmentProblem: async () => undefined,
};
const folded = (told: Told): Promise<Folded> => fold([factOf(told)], sources);

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

it('a process that turns to another session has left the one before', async () => {
  const registered = (sessionId: string, second: number) => ({
    pid: 42,
    sessionId,
    status: 'busy',
    updatedAt: Date.parse('2026-06-01T09:00:00.000Z') + second * 1000,
  });
  const at = { root: '/home/dev/.claude', path: '/home/dev/.claude/sessions/42.json' };
  const first = factOf({ ...at, source: 'claude-code', lines: [registered('first', 0)] });
  const second = factOf({
    ...at,
    source: 'claude-code',
    lines: [registered('second', 1)],
    from: first.body.length,
    sequence: 2,
  });
  const { draft } = await fold([first, second], sources);
  const stateOf = (id: string) => Object.values(draft.sessions.get(id)?.processes ?? {})[0]?.value.state;
  expect([stateOf('first'), stateOf('second')]).toEqual(['gone', 'running']);
});

it('an attachment is proven however its fact is cut', async () => {
  const line = {
    filename: 'a.png',
    sha256: 'ab'.repeat(32),
    mediaType: 'image/png',
    bytes: 9,
    width: null,
    height: null,
    modifiedAt: 1_762_316_694_000,
  };
  const told = factOf({
    source: 'ui-test',
    root: '/srv/results',
    path: '/srv/results/session_1762316690033/screenshots/a.png',
    type: 'telltale.attachment.added.v1',
    part: '1/1',
    lines: [line],
  });
  const { draft, quarantined } = await fold([told], {
    ...sources,
    parts: async () => [told.body],
    attachmentProblem: async () => 'its bytes are not there',
  });
  expect([draft.sessions.size, quarantined.length]).toEqual([0, 1]);
});

it('a line that tells more than one transaction may take is told in several', async () => {
  const messages = Array.from({ length: 9000 }, (_, n) => ({
    id: `${n}`,
    type: 'gemini',
    content: 'x',
    timestamp: '2026-01-10T02:08:26.108Z',
  }));
  const { earlier, draft } = await folded({
    source: 'gemini',
    root: '/home/dev/.gemini',
    path: '/home/dev/.gemini/tmp/p/chats/session-1.jsonl',
    lines: [{ sessionId: 's', $set: { messages } }],
  });
  const keys = [...earlier, draft].flatMap(({ items }) => [...items.values()].map(({ key }) => key));
  expect(new Set(keys).size).toBe(messages.length);
  expect(earlier.length).toBeGreaterThan(0);
  for (const one of [...earlier, draft]) expect(one.size).toBeLessThanOrEqual(10_000);
});
