import type { Session } from '@telltale/contracts';
import { codexCorpus } from '@telltale/domain/testing';
import { eventually } from '@telltale/platform/testing';
import * as fc from 'fast-check';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { runAddresses } from '../harness/run-addresses';
import { TelltaleProcess } from '../harness/telltale-process';
import { someTranscripts } from './transcripts';

const folder = mkdtempSync(join(tmpdir(), 'telltale-as-it-was-'));
const steps = 6;

interface TimedLine {
  readonly file: string;
  readonly line: string;
  /** Epoch ms: its own time, or that of the line above. */
  readonly at: number;
}

/** What was served of every session when nothing later than `at` was written. */
interface Served {
  readonly at: number;
  readonly sessions: readonly Session[];
}

let telltale: TelltaleProcess;
let database: pg.Client;
const written = new Set<string>();
let served: readonly Served[];

beforeAll(async () => {
  const env = { CODEX_HOME: join(folder, 'codex') };
  mkdirSync(join(folder, 'claude', 'projects'), { recursive: true });
  telltale = await TelltaleProcess.start({ claudeRoot: join(folder, 'claude'), env });
  database = new pg.Client({ connectionString: runAddresses(telltale.home).databaseUrl });
  await database.connect();
  served = await grow([...claudeLines(), ...codexLines()]);
});
afterAll(async () => {
  await database?.end();
  await telltale?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function claudeLines(): TimedLine[] {
  return someTranscripts().flatMap(({ path, lines }) => timed(join(folder, 'claude', path), lines));
}

function codexLines(): TimedLine[] {
  const corpora = fc.sample(codexCorpus, { seed: 20260617, numRuns: 20 });
  const { files } = corpora.reduce((a, b) => (b.files.length > a.files.length ? b : a));
  return files
    .filter(({ host: of }) => of === 'atlas')
    .flatMap(({ path, root, lines }) => timed(join(folder, 'codex', path.slice(root.length)), lines));
}

/** None of a file whose times go back: what was written when its records tell of it is not what it tells. */
function timed(file: string, lines: readonly string[]): TimedLine[] {
  const all: TimedLine[] = [];
  let at = 0;
  for (const line of lines) {
    const own = timeOf(line) ?? at;
    if (own < at) return [];
    at = own;
    all.push({ file, line, at });
  }
  return all;
}

function timeOf(line: string): number | undefined {
  try {
    const { timestamp } = JSON.parse(line) as { timestamp?: unknown };
    return typeof timestamp === 'string' ? Date.parse(timestamp) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes all lines in order of time, and notes from time to time what is served. */
async function grow(lines: readonly TimedLine[]): Promise<Served[]> {
  const ordered = lines.toSorted((a, b) => a.at - b.at);
  const all: Served[] = [];
  for (let step = 1, from = 0; step <= steps; step++) {
    const last = ordered[Math.floor((ordered.length * step) / steps) - 1]?.at ?? 0;
    const until = ordered.findLastIndex(({ at }) => at <= last) + 1;
    for (const { file, line } of ordered.slice(from, until)) {
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, `${line}\n`);
      written.add(file);
    }
    from = until;
    await eventually(everythingIsRead, { timeoutMs: 60_000, everyMs: 300 });
    all.push({ at: last, sessions: await allSessions() });
  }
  return all;
}

/** Every byte that was written is in the read model. */
async function everythingIsRead(): Promise<void> {
  const { rows } = await database.query<{ path: string; bytes: string }>(
    'select path, "offset"::text as bytes from read_model.file_state',
  );
  const bytes = new Map(rows.map((row) => [row.path, Number(row.bytes)]));
  for (const file of written) expect([file, bytes.get(file)]).toEqual([file, statSync(file).size]);
}

async function allSessions(): Promise<Session[]> {
  const sessions: Session[] = [];
  for (let cursor = ''; ;) {
    const path = `/api/sessions?limit=200${cursor}`;
    const page = await telltale.get<{ items: { id: string }[]; nextCursor: string | null }>(path);
    for (const { id } of page.items)
      sessions.push(await telltale.get<Session>(`/api/sessions/${encodeURIComponent(id)}`));
    if (page.nextCursor === null) return sessions;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/**
 * What was so then and does not depend on when it was asked: of tokens and cost a later row of the same message may
 * have taken the place of one that was counted then.
 */
function asItWas(session: Session): object {
  const { branch, phase, model, currentStep, startedAt, lastActivityAt } = session;
  const { prompts, messages, toolCalls, toolErrors, errors, objectives } = session.stats;
  return {
    ...{ branch, phase, model, currentStep, startedAt, lastActivityAt },
    ...{ prompts, messages, toolCalls, toolErrors, errors, objectives },
    objectiveTimes: session.objectives,
    agents: session.agents.map(({ status: _, stats: __, ...agent }) => agent),
    errorNotes: session.errors,
    links: session.links,
    files: session.files,
  };
}

/** By these a session is known: before it has told them, the first that it tells later stand in for them. */
function namesOf({ title, project, parentId, forkedFrom }: Session): object {
  const names = Object.entries({ title, project, parentId, forkedFrom });
  return Object.fromEntries(names.filter(([, name]) => name !== null));
}

it('says of a session what was served of it when nothing later had happened', async () => {
  let compared = 0;
  for (const { at, sessions } of served) {
    for (const session of sessions) {
      const path = `/api/sessions/${encodeURIComponent(session.id)}/state?at=${new Date(at).toISOString()}`;
      const state = await telltale.get<Session>(path);
      expect({ id: session.id, at, ...asItWas(state) }).toEqual({ id: session.id, at, ...asItWas(session) });
      expect(state).toMatchObject(namesOf(session));
      compared++;
    }
  }
  expect(served.map(({ sessions }) => sessions.length)).not.toContain(0);
  expect(compared).toBeGreaterThan(served.length * 2);
});
