import {
  provenanceFigures,
  type Pipeline,
  type ProvenanceItem,
  type Session,
  type SessionList,
} from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TelltaleProcess } from '../harness/telltale-process';
import { figureOf, recordAt, recordsBehind, sumOfCounted } from './provenance-checks';
import { layOutClaudeCode } from './sources/claude-code';
import { layOutCodex } from './sources/codex';
import { layOutGemini } from './sources/gemini';
import { layOutOpenCode } from './sources/opencode';
import { pushSession } from './sources/push';
import { layOutTestRuns } from './sources/ui-test';

const folder = mkdtempSync(join(tmpdir(), 'telltale-history-'));
const host = 'history-host';
const sources = ['claude-code', 'codex', 'opencode', 'gemini', 'ui-test', 'push'] as const;

let telltale: TelltaleProcess;

beforeAll(async () => {
  const laidOut = [
    layOutClaudeCode(folder),
    layOutCodex(folder),
    layOutOpenCode(folder),
    layOutGemini(folder),
    await layOutTestRuns(folder, host),
  ];
  const env = Object.assign({ TELLTALE_HOST_NAME: host }, ...laidOut.map((one) => one.env));
  telltale = await TelltaleProcess.start({ claudeRoot: folder, env });
  await pushSession(telltale);
  await eventually(everythingIsRead, { timeoutMs: 60_000, everyMs: 200 });
});
afterAll(async () => {
  await telltale?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function everythingIsRead(): Promise<void> {
  const { watchers, caughtUp } = await telltale.get<Pipeline>('/api/pipeline');
  expect(watchers).toMatchObject([{ host, bytesBehind: 0, backfill: { done: true } }]);
  expect(caughtUp).toBe(true); // the one figure that is worked out in this order: published, then projected
}

const pathOf = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;
const stateOf = (id: string, at: number) =>
  telltale.get<Session>(`${pathOf(id)}/state?at=${new Date(at).toISOString()}`);

async function sessionsOf(source: string): Promise<string[]> {
  const { items } = await telltale.get<SessionList>(`/api/sessions?source=${source}&limit=200`);
  expect(items.length).toBeGreaterThan(0);
  return items.map(({ id }) => id);
}

/** Figures that never fall. */
function figuresOf({ stats }: Session): number[] {
  const { messages, prompts, toolCalls, toolErrors, errors, tokens, costUsd } = stats;
  const { input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning, total } = tokens;
  return [
    ...[messages, prompts, toolCalls, toolErrors, errors, costUsd ?? 0],
    ...[input, output, cacheWrite5m, cacheWrite1h, cacheRead, reasoning, total],
  ];
}

/** But for what says that the read model moved on. */
function shownOf({ revision: _, ...session }: Session): unknown {
  return session;
}

describe.each(sources)('a session of %s as it was', (source) => {
  it('is now what it is', async () => {
    for (const id of await sessionsOf(source)) {
      const now = await telltale.get<Session>(pathOf(id));
      expect(shownOf(await stateOf(id, Date.now()))).toEqual(shownOf(now));
    }
  });

  it('never was more than it became, and was nothing before it began', async () => {
    for (const id of await sessionsOf(source)) {
      const now = await telltale.get<Session>(pathOf(id));
      const from = Date.parse(now.startedAt ?? '');
      const to = Date.parse(now.lastActivityAt ?? '');
      let before = figuresOf(await stateOf(id, from)).map(() => 0);
      for (let step = 0; step <= 6; step++) {
        const state = await stateOf(id, from + Math.floor(((to - from) * step) / 6));
        const after = figuresOf(state);
        after.forEach((figure, n) => expect(figure).toBeGreaterThanOrEqual(before[n] ?? 0));
        expect(state.lastActivityAt! <= now.lastActivityAt!).toBe(true);
        before = after;
      }
      figuresOf(now).forEach((figure, n) => expect(figure).toBeGreaterThanOrEqual(before[n] ?? 0));
      await expect(stateOf(id, from - 1)).rejects.toThrow('404');
    }
  });
});

const itsOwn: readonly string[] = [
  'messages',
  'prompts',
  'toolCalls',
  'toolErrors',
  'errors',
  'tokens.total',
];

/** Whether the record itself holds the id that it goes by; Codex has none, and `~` marks one that was made up. */
function isNamed({ figure, file, record }: ProvenanceItem): boolean {
  return itsOwn.includes(figure) && file?.includes('claude') === true && record?.startsWith('~') === false;
}

/** Sources whose files are lines, or documents that are published as they are. */
const ranged: readonly string[] = ['claude-code', 'codex', 'ui-test'];

describe.each(sources)('the numbers of a session of %s', (source) => {
  it('are sums of the records that are named as counted', async () => {
    for (const id of await sessionsOf(source)) {
      const session = await telltale.get<Session>(pathOf(id));
      const all = await recordsBehind(telltale, id);
      for (const figure of provenanceFigures) {
        const items = all.filter((item) => item.figure === figure);
        expect({ id, figure, sum: sumOfCounted(items, figure) }).toEqual({
          id,
          figure,
          sum: figureOf(session, figure) ?? 0,
        });
      }
      expect(await recordsBehind(telltale, id, 'toolCalls')).toEqual(
        all.filter(({ figure }) => figure === 'toolCalls'),
      );
    }
  });

  it('stand where it is said, in the tool’s own file', async () => {
    let read = 0;
    for (const id of await sessionsOf(source)) {
      for (const item of await recordsBehind(telltale, id)) {
        expect(item.record?.includes('no longer') ? { id, item } : undefined).toBeUndefined();
        if (item.from === null) continue;
        expect(item.host).toBe(host);
        const record = JSON.stringify(recordAt(item));
        if (isNamed(item)) expect(record).toContain(item.record);
        read++;
      }
    }
    if (ranged.includes(source)) expect(read).toBeGreaterThan(0);
  });
});
