import type { AnalyticsSummary, Pipeline, SessionList } from '@telltale/contracts';
import { eventually } from '@telltale/platform/testing';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAddresses } from '../harness/run-addresses';
import { TelltaleProcess } from '../harness/telltale-process';
import { WatcherProcess } from '../harness/watcher-process';
import { everyByteIsProjected } from './fixture';
import { hasSamples, samples } from './samples';
import type { TranscriptFile } from '@telltale/domain/testing';
import { forkOf, inAnotherOrder, movedTo, someTranscripts, trueTotals, write } from './transcripts';

const folder = mkdtempSync(join(tmpdir(), 'telltale-hosts-'));
const below = (...path: string[]) => join(folder, ...path);
/** Where a host's tools keep what they write. */
const rootsOf = (host: string) => ({
  CLAUDE_CONFIG_DIR: `${below(host, 'claude')},${below(host, 'claude-2')}`,
  CODEX_HOME: below(host, 'codex'),
  GEMINI_HOME: below(host, 'gemini'),
  OPENCODE_DATA_DIR: below(host, 'opencode'),
});
/** Of the samples, and where a host has them. */
const sampleFolders = { 'claude-code': 'claude', codex: 'codex', gemini: 'gemini', opencode: 'opencode' };
const noTokens = { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
const transcripts = someTranscripts();
const ofAtlas = transcripts.filter((_, n) => n % 2 === 0);
const ofBoreas = transcripts.filter((_, n) => n % 2 === 1);

const written = new Set<string>();

let telltale: TelltaleProcess;
/** Of further hosts. */
const further: WatcherProcess[] = [];
let boreas: WatcherProcess;

beforeAll(async () => {
  telltale = await TelltaleProcess.start({
    claudeRoot: below('atlas', 'claude'),
    env: { TELLTALE_HOST_NAME: 'atlas', ...rootsOf('atlas') },
  });
  boreas = watch('boreas');
});
afterAll(async () => {
  await Promise.all(further.map((watcher) => watcher.kill()));
  await telltale?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function writeBelow(root: string, files: readonly TranscriptFile[]): void {
  write(root, files);
  for (const { path } of files) written.add(join(root, path));
}

function watch(hostName: string): WatcherProcess {
  const { natsUrl } = runAddresses(telltale.home);
  const watcher = WatcherProcess.start({ natsUrl, hostName, env: rootsOf(hostName) });
  further.push(watcher);
  return watcher;
}

const watchers = async () => (await telltale.get<Pipeline>('/api/pipeline')).watchers;
const watcherOf = async (host: string) => (await watchers()).find((watcher) => watcher.host === host);

/** Resolves once all that was written is projected, and both watchers know of so many files. */
async function allIsRead(files: { readonly atlas: number; readonly boreas: number }): Promise<void> {
  await everyByteIsProjected(telltale, written);
  await eventually(
    async () => {
      const pipeline = await telltale.get<Pipeline>('/api/pipeline');
      const known = pipeline.watchers.map(({ host, files, bytesBehind }) => ({ host, files, bytesBehind }));
      expect(known).toEqual([
        { host: 'atlas', files: files.atlas, bytesBehind: 0 },
        { host: 'boreas', files: files.boreas, bytesBehind: 0 },
      ]);
      expect(pipeline.caughtUp).toBe(true);
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

/** Resolves once all that a host's roots held when its watcher began is in the log and projected. */
async function firstReadingIsDone(host: string): Promise<void> {
  await eventually(
    async () => {
      const pipeline = await telltale.get<Pipeline>('/api/pipeline');
      const found = pipeline.watchers.find((watcher) => watcher.host === host);
      expect(found).toMatchObject({ backfill: { done: true }, bytesBehind: 0 });
      expect(found?.files).toBeGreaterThan(0);
      expect(pipeline.caughtUp).toBe(true);
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}

/** Tokens, cost, messages and tool calls in all and by model. */
async function totals() {
  const { groups, total } = await telltale.get<AnalyticsSummary>('/api/analytics/summary?groupBy=model');
  // How many sessions a model was used in does change: a fork is a session of its own.
  const figures = ({ messages, toolCalls, tokens, costUsd }: AnalyticsSummary['total']) => ({
    messages,
    toolCalls,
    tokens,
    costUsd,
  });
  const used = groups.filter(({ tokens }) => (tokens?.total ?? 0) > 0);
  return {
    all: figures(total),
    models: new Map(used.map((group) => [group.key, figures(group)])),
  };
}

const sessionsOf = async (query: string) =>
  (await telltale.get<SessionList>(`/api/sessions?limit=1&${query}`)).total;

it('the product under test watches nothing of whoever runs the tests', async () => {
  await eventually(async () => expect(await watchers()).toHaveLength(2));
  const roots = (await watchers()).flatMap((watcher) => watcher.roots.map(({ path }) => path));
  expect(roots).toContain(below('boreas', 'claude'));
  expect(roots.filter((root) => !root.startsWith(folder))).toEqual([]);
});

describe('the same transcripts, again and again', () => {
  let counted: Awaited<ReturnType<typeof totals>>;
  const files = { atlas: ofAtlas.length, boreas: ofBoreas.length };

  it('from two hosts: every model’s tokens, and all messages and tool calls, by the counting rules', async () => {
    writeBelow(below('atlas', 'claude'), ofAtlas);
    writeBelow(below('boreas', 'claude'), ofBoreas);
    await allIsRead(files);
    counted = await totals();
    const expected = trueTotals(transcripts);
    expect(counted.all).toMatchObject({ messages: expected.messages, toolCalls: expected.toolCalls });
    const models = [...counted.models].map(([model, { tokens }]) => {
      const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens ?? noTokens;
      return [model, { input, output, cacheRead, cacheWrite: cacheWrite5m + cacheWrite1h }] as const;
    });
    expect(new Map(models)).toEqual(
      new Map([...expected.models].filter(([, sum]) => Object.values(sum).some((tokens) => tokens > 0))),
    );
    expect(counted.all.costUsd).toBeGreaterThan(0);
    expect(await sessionsOf('host=atlas')).toBeGreaterThan(5);
    expect(await sessionsOf('host=boreas')).toBeGreaterThan(5);
  });

  it('copied to the other host', async () => {
    const sessions = await sessionsOf('');
    writeBelow(below('boreas', 'claude'), ofAtlas);
    writeBelow(below('atlas', 'claude'), ofBoreas);
    files.atlas += ofBoreas.length;
    files.boreas += ofAtlas.length;
    await allIsRead(files);
    expect(await totals()).toEqual(counted);
    expect(await sessionsOf('')).toBe(sessions);
  });

  it('copied into a second root, written in another order and in pieces', async () => {
    const moved = transcripts.map((file) => movedTo('-another-place', file));
    writeBelow(below('atlas', 'claude-2'), inAnotherOrder(moved, 3));
    files.atlas += moved.length;
    await allIsRead(files);
    expect(await totals()).toEqual(counted);
  });

  it('forked: histories under new session ids', async () => {
    const forks = transcripts.flatMap((file, n) => forkOf(file, n) ?? []);
    const sessions = await sessionsOf('');
    writeBelow(below('boreas', 'claude-2'), forks);
    files.boreas += forks.length;
    await allIsRead(files);
    expect(await totals()).toEqual(counted);
    expect(await sessionsOf('')).toBeGreaterThan(sessions + 10);
  });
});

const describeSamples = hasSamples ? describe : undefined;

describeSamples?.('what every tool really wrote', () => {
  it('counts once, whether one host has it or two', async () => {
    for (const host of ['castor', 'dione'])
      for (const [name, folderOfIt] of Object.entries(sampleFolders))
        cpSync(join(samples, name), below(host, folderOfIt), { recursive: true });
    const before = await totals();
    watch('castor');
    await firstReadingIsDone('castor');
    const once = await totals();
    expect(once.all.messages).toBeGreaterThan((before.all.messages ?? 0) + 500);
    expect(once.models.size).toBeGreaterThan(before.models.size + 5);
    watch('dione');
    await firstReadingIsDone('dione');
    expect(await totals()).toEqual(once);
  });
});

describe('a watcher that goes silent', () => {
  let last: Pipeline['watchers'][number] | undefined;

  it('is shown so, with what it said last', async () => {
    const before = await eventually(async () => {
      const said = await watcherOf('boreas');
      expect(said).toMatchObject({ silent: false });
      return said;
    });
    await boreas.kill();
    await eventually(async () => expect(await watcherOf('boreas')).toMatchObject({ silent: true }));
    last = await watcherOf('boreas');
    const { lastSeenAt, ...figures } = before ?? {};
    expect(last).toMatchObject({ ...figures, silent: true });
    expect(Date.parse(last?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(Date.parse(lastSeenAt ?? ''));
    await eventually(async () => expect(await watcherOf('atlas')).toMatchObject({ silent: false }));
  });

  it('also after the gateway began anew', async () => {
    const [gateway] = telltale.pids('apps/gateway/main');
    process.kill(gateway as number, 'SIGTERM');
    await eventually(
      async () => {
        expect(telltale.pids('apps/gateway/main')).not.toContain(gateway);
        expect(await watcherOf('boreas')).toEqual(last);
        expect(await watcherOf('atlas')).toMatchObject({ silent: false });
      },
      { timeoutMs: 100_000, everyMs: 100 },
    );
  });
});
