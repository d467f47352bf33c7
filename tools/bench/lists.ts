import {
  generatedUntil,
  generatedWords,
  type GeneratedSize,
} from '@telltale/domain/testing/generated-read-model';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAddresses } from '../harness/run-addresses';
import { TelltaleProcess } from '../harness/telltale-process';
import { Explained } from './explained';
import { fillReadModel } from './fill-read-model';
import { measureNotModified, type Ask, type NotModifiedResult } from './not-modified';
import { percentiles, type Percentiles } from './percentiles';
import { measureWholeLists, type WholeListResult } from './whole-lists';

export interface ListResult extends Percentiles {
  readonly what: string;
  /** Of the answer, where it has one. */
  readonly total: string;
  readonly scans: readonly string[];
}

export interface ListResults {
  readonly lists: readonly ListResult[];
  readonly notModified: readonly NotModifiedResult[];
  readonly whole: readonly WholeListResult[];
}

const requestsEach = 60;
const mostSecondsEach = 8;

/** Every kind of list and search over a generated read model, through the whole product. */
export async function measureLists(size: GeneratedSize, say: (line: string) => void): Promise<ListResults> {
  const root = mkdtempSync(join(tmpdir(), 'telltale-bench-'));
  const telltale = await TelltaleProcess.start({ claudeRoot: root });
  const start = performance.now();
  try {
    const { databaseUrl } = runAddresses(telltale.home);
    await fillReadModel(databaseUrl, size, (what) =>
      say(`${((performance.now() - start) / 1000).toFixed(0).padStart(5)} s  ${what}`),
    );
    const client = new Client(telltale, await telltale.accessToken());
    const questions = await questionsOf(client, size);
    const timed: { what: string; path: string; times: Percentiles; total: string }[] = [];
    for (const [what, path] of questions) timed.push({ what, path, ...(await client.measure(path)) });
    const ask: Ask = (path, headers) => client.request(path, headers);
    const notModified: NotModifiedResult[] = [];
    for (const clients of [1, 8]) notModified.push(await measureNotModified(telltale, ask, clients));
    const whole = await measureWholeLists(databaseUrl, ask);
    const explained = await Explained.start(databaseUrl, telltale.home);
    const lists: ListResult[] = [];
    for (const { what, path, times, total } of timed) {
      await client.get(path).catch(() => undefined); // on a new connection
      lists.push({ what, total, ...times, scans: await explained.scansOf(() => client.get(path)) });
    }
    await explained.end();
    return { lists, notModified, whole };
  } finally {
    await telltale.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

interface Answer {
  readonly total?: number;
  readonly totalIsAtLeast?: boolean;
  readonly nextCursor?: string | null;
}

class Client {
  constructor(
    private readonly telltale: TelltaleProcess,
    private readonly token: string,
  ) {}

  async request(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.telltale.url}${path}`, {
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    });
  }

  async get(path: string): Promise<Answer> {
    const response = await this.request(path);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** Milliseconds, until the answer is read. The first answers are not counted. */
  async measure(path: string): Promise<{ times: Percentiles; total: string }> {
    const { total, totalIsAtLeast } = await this.get(path);
    await this.get(path);
    const times: number[] = [];
    const deadline = performance.now() + mostSecondsEach * 1000;
    while (times.length < requestsEach && performance.now() < deadline) {
      const start = performance.now();
      await this.get(path);
      times.push(performance.now() - start);
    }
    const said = typeof total !== 'number' ? '' : `${totalIsAtLeast ? '≥ ' : ''}${total}`;
    return { times: percentiles(times), total: said };
  }

  /** The path of a page so many pages behind the first. */
  async pageBehind(path: string, pages: number): Promise<string> {
    let at = path;
    for (let n = 0; n < pages; n++) {
      const { nextCursor } = await this.get(at);
      if (typeof nextCursor !== 'string') break;
      at = `${path}&cursor=${nextCursor}`;
    }
    return at;
  }
}

async function questionsOf(client: Client, { sessions }: GeneratedSize): Promise<[string, string][]> {
  const { common, frequent, seldom, rare, vintage, phrase, apart } = generatedWords;
  const at = (hours: number) => new Date(generatedUntil - hours * 3_600_000 + 1).toISOString();
  const search = (q: string, more = '') => `/api/search?limit=50&q=${encodeURIComponent(q)}${more}`;
  const one = `/api/sessions/s${Math.floor(sessions / 2)}`;
  return [
    ['sessions: first page', '/api/sessions?limit=50'],
    ['sessions: deep page', await client.pageBehind('/api/sessions?limit=200', 60)],
    ['sessions: by cost', '/api/sessions?limit=50&sort=-costUsd'],
    ['sessions: by tokens, deep', await client.pageBehind('/api/sessions?limit=200&sort=-tokens', 60)],
    ['sessions: source and status', '/api/sessions?source=codex&status=failed'],
    ['sessions: project, by cost', '/api/sessions?project=p12&sort=-costUsd'],
    ['sessions: model', '/api/sessions?model=gemini-3-pro'],
    ['sessions: children', '/api/sessions?parent=s60'],
    ['sessions: a day', `/api/sessions?from=${at(48)}&to=${at(24)}`],
    ['sessions: text, few', '/api/sessions?q=topic%20777'],
    ['sessions: text, none', '/api/sessions?q=nowhere%20to%20be%20found'],
    ['choices of filters', '/api/facets'],
    ['messages: first page', `${one}/messages?limit=50`],
    ['messages: newest page', `${one}/messages?before=end&kind=tool`],
    ['timeline', `${one}/timeline`],
    ['figures of 30 days by day', `/api/analytics/summary?groupBy=day&from=${at(720)}`],
    ['figures of 30 days by model', `/api/analytics/summary?groupBy=model&from=${at(720)}`],
    ['search: every second', search(common)],
    ['search: every second, deep', await client.pageBehind(search(common), 30)],
    ['search: one in 100', search(frequent)],
    ['search: one in 10,000', search(seldom)],
    ['search: ten in all', search(rare)],
    ['search: frequent long ago', search(vintage)],
    ['search: a phrase', search(`"${phrase}"`)],
    ['search: never together', search(apart.join(' '))],
    ['search: in few sessions', search(common, '&parent=s60')],
    ['search: in a project', search(frequent, '&project=p12')],
    ['search: in a source', search(seldom, '&source=codex')],
  ];
}
