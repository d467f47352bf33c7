import type { Pipeline, Session, SessionList } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { runAddresses } from '../harness/run-addresses';
import { TelltaleProcess } from '../harness/telltale-process';
import { layOutClaudeCode } from './sources/claude-code';
import { layOutCodex } from './sources/codex';
import { asExpected, type Expected, type LaidOut } from './sources/expected';
import { layOutGemini } from './sources/gemini';
import { layOutOpenCode } from './sources/opencode';
import { pushSession } from './sources/push';
import { layOutTestRuns } from './sources/ui-test';

const folder = mkdtempSync(join(tmpdir(), 'telltale-sources-'));
const host = 'every-host';
const sources = ['claude-code', 'codex', 'opencode', 'gemini', 'ui-test'] as const;
type Watched = (typeof sources)[number];

let laidOut: Readonly<Record<Watched, LaidOut>>;
let telltale: TelltaleProcess;

beforeAll(async () => {
  laidOut = {
    'claude-code': layOutClaudeCode(folder),
    codex: layOutCodex(folder),
    opencode: layOutOpenCode(folder),
    gemini: layOutGemini(folder),
    'ui-test': await layOutTestRuns(folder, host),
  };
  const env = Object.assign({ TELLTALE_HOST_NAME: host }, ...Object.values(laidOut).map((one) => one.env));
  telltale = await TelltaleProcess.start({ claudeRoot: folder, env });
  await eventually(everythingIsRead, { timeoutMs: 60_000, everyMs: 200 });
});
afterAll(async () => {
  await telltale?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** All that lay there is in the log and projected. */
async function everythingIsRead(): Promise<void> {
  const { watchers, caughtUp } = await telltale.get<Pipeline>('/api/pipeline');
  expect(watchers).toMatchObject([{ host, bytesBehind: 0, backfill: { done: true } }]);
  expect(caughtUp).toBe(true); // the one figure that is worked out in this order: published, then projected
}

/** What is said of a session, as far as something is expected of it. */
async function said(expected: Expected): Promise<unknown> {
  const session = await telltale.get<Session>(`/api/sessions/${encodeURIComponent(expected.id)}`);
  return asExpected(session, expected);
}

/** How many lines of each source could not be read. */
async function quarantined(): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: runAddresses(telltale.home).databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ source: string; lines: number }>(
      'select source, count(*)::int as lines from read_model.quarantine group by source',
    );
    return Object.fromEntries(rows.map(({ source, lines }) => [source, lines]));
  } finally {
    await client.end();
  }
}

describe('the whole product over every source at once', () => {
  it.each(sources)('%s: every session comes to what it is', async (source) => {
    const { sessions } = laidOut[source];
    const all: unknown[] = [];
    for (const expected of sessions) all.push(await said(expected));
    expect(all).toEqual(sessions);
    const { items } = await telltale.get<SessionList>(`/api/sessions?source=${source}&limit=200`);
    expect(items.map(({ id }) => id).sort()).toEqual(sessions.map(({ id }) => id).sort());
    expect(all.length).toBeGreaterThan(2);
  });

  it('nothing is in quarantine but lines that are broken on purpose', async () => {
    const broken = sources
      .map((source) => [source, laidOut[source].broken] as const)
      .filter(([, lines]) => lines > 0);
    expect(broken.length).toBeGreaterThan(0);
    expect(await quarantined()).toEqual(Object.fromEntries(broken));
    const pipeline = await telltale.get<Pipeline>('/api/pipeline');
    expect(pipeline.quarantined).toBe(broken.reduce((sum, [, lines]) => sum + lines, 0));
  });

  it('a pushed session, each request sent twice', async () => {
    const expected = await pushSession(telltale);
    await eventually(async () => expect(await said(expected)).toEqual(expected));
  });
});
