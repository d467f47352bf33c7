import type { Observation } from '../observation';
import { MemoryReadModel } from '../testing';
import { BatchDraft } from './draft';
import { mergeItems, type Item } from './item';
import { viewOf } from './view';
import { keptEntries } from './merge-session';
import type { SessionState } from './session-state';

const start = Date.UTC(2026, 0, 1, 10);
const minute = 60_000;

type Common = Pick<Observation, 'sessionId' | 'at' | 'place' | 'agentId'>;

function common(sessionId: string, at: number, sequence = 1): Common {
  return { sessionId, at, place: { sequence, line: 0, offset: at - start }, agentId: null };
}

/** An answer of ten output tokens. */
function answered(sessionId: string, key: string, at: number): Observation[] {
  const tokens = {
    input: 0,
    output: 10,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    reasoning: 0,
    total: 10,
  };
  const row = {
    requestId: key,
    sidechain: false,
    uuid: key,
    agentId: null,
    model: 'claude-opus-4-6',
    speed: null,
    at,
    tokens,
    webSearches: 0,
  };
  return [
    { ...common(sessionId, at), type: 'activity' },
    {
      ...common(sessionId, at),
      type: 'assistant',
      key: `m:${key}`,
      uuid: key,
      model: null,
      preview: '',
      truncated: false,
    },
    { ...common(sessionId, at), type: 'usage', messageKey: `m:${key}`, row },
  ];
}

describe('the projection under hostile input', () => {
  it('clamps times to whole milliseconds: a stored time must be the one that was counted', () => {
    const draft = new BatchDraft();
    const brokerTime = start + 899_999.7;
    for (const seen of answered('s', 'a', start + 3_600_000)) draft.add(seen, 'claude-code', brokerTime);
    const [item] = draft.items.values();
    const [usage] = draft.usage.values();
    // Rounded in the database this would lie in the next 15 minutes: taken away where it was never added.
    expect(item?.at).toBe(start + 899_999);
    expect(usage?.row.at).toBe(start + 899_999);
  });

  it('clamps the stamps of registers too: a title of a clock that runs ahead must not win for ever', () => {
    const draft = new BatchDraft();
    const said = (value: string, at: number): Observation => ({
      ...common('s', at),
      type: 'registers',
      registers: { aiTitle: { value, at, offset: at - start } },
    });
    draft.add(said('of next year', start + 365 * 86_400_000), 'claude-code', start);
    draft.add(said('of today', start + minute), 'claude-code', start + minute);
    expect(draft.sessions.get('s')?.registers.aiTitle?.value).toBe('of today');
  });

  it('takes no activity from a session that it does not show any more', () => {
    const model = new MemoryReadModel();
    const answers = Array.from({ length: 40 }, (_, n) => [`k${n}`, start + n * 5 * minute] as const);
    for (const [key, at] of answers) model.apply(answered('fork', key, at));
    // The original turns up: it started earlier, and every answer is its own.
    model.apply([
      { ...common('original', start - minute), type: 'activity' },
      ...answers.flatMap(([key, at]) => answered('original', key, at)),
    ]);
    const activity = (id: string) => Object.values((model.sessions.get(id) as SessionState).activity);
    expect(activity('fork')).toEqual([]);
    const shown = viewOf(model.sessions.get('original') as SessionState, 0).summary.activity;
    expect(shown.map(({ tokens }) => tokens)).toEqual(Array.from({ length: 24 }, () => 10));
  });

  it('shows the same activity whatever came first', () => {
    const shared = Array.from({ length: 12 }, (_, n) =>
      answered('fork', `s${n}`, start + (60 + n) * 5 * minute),
    );
    const own = Array.from({ length: 24 }, (_, n) => answered('fork', `o${n}`, start + n * 5 * minute));
    const original = [
      { ...common('original', start - minute), type: 'activity' } as const,
      ...shared.flat().map((seen) => ({ ...seen, sessionId: 'original' })),
    ];
    const late = new MemoryReadModel();
    for (const batch of [...own, ...shared, original]) late.apply(batch);
    const early = new MemoryReadModel();
    for (const batch of [original, ...own, ...shared]) early.apply(batch);
    expect(late.sessions.get('fork')?.activity).toEqual(early.sessions.get('fork')?.activity);
  });

  it('finds a text where it was said last: the places of a lost log lead nowhere', () => {
    const item = (sequence: number): Item => ({
      key: 'p:u',
      sessionId: 's',
      kind: 'prompt',
      counted: true,
      at: start,
      agentId: null,
      model: null,
      name: null,
      preview: 'x',
      input: null,
      isError: false,
      used: true,
      endedAt: null,
      durationMs: null,
      parts: [{ u: 'p:u', s: sequence, l: 0, o: 0, t: start }],
    });
    // Stored from a log that is gone; said again by the one that was filled from the files since.
    expect(mergeItems(item(3), item(70)).parts[0]?.s).toBe(70);
    expect(mergeItems(item(70), item(3)).parts[0]?.s).toBe(3);
  });

  it('keeps keys and sessions apart whatever is in them', () => {
    const draft = new BatchDraft();
    const said = (key: string, sessionId: string): Observation => ({
      ...common(sessionId, start),
      type: 'prompt',
      key,
      preview: '',
      truncated: false,
      images: 0,
    });
    draft.add(said('p:a\nb', 'c'), 'claude-code', start);
    draft.add(said('p:a', 'b\nc'), 'claude-code', start);
    expect(draft.items.size).toBe(2);
  });

  it('puts a batch together soon, however many names are in it', () => {
    const draft = new BatchDraft();
    const began = performance.now();
    for (let n = 0; n < 20_000; n++) {
      const use = { key: `t:${n}`, name: `tool-${n}`, input: '', model: null };
      draft.add({ ...common('s', start + n), type: 'tool-use', ...use }, 'codex', start + n);
    }
    expect(Object.keys(draft.sessions.get('s')?.toolTimes ?? {})).toHaveLength(keptEntries);
    expect(performance.now() - began).toBeLessThan(8000);
  });

  it('does not grow a session without bound', () => {
    const draft = new BatchDraft();
    for (let n = 0; n < 3_000; n++) {
      const agent = { ...common('s', start + n), agentId: `agent-${n}` };
      draft.add(
        {
          ...agent,
          type: 'agent',
          parentAgentId: null,
          agentType: null,
          description: null,
          model: null,
          status: 'running',
        },
        'claude-code',
        start + n,
      );
    }
    const bytes = JSON.stringify(draft.sessions.get('s')).length;
    expect(bytes).toBeLessThan(300_000);
  });
});
