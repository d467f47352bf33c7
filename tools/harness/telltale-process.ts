import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { strangersEnvironment } from './strangers-environment';

export interface TelltaleRequest {
  /** A Claude Code root to watch. */
  readonly claudeRoot: string;
  /** Settings beside that one; roots of other sources, for example. Without them the others find nothing. */
  readonly env?: Readonly<Record<string, string>>;
  /** State of an earlier run to go on from; default a new folder, removed at the end. */
  readonly home?: string;
  readonly args?: readonly string[];
  readonly onLine?: (line: string) => void;
}

const readyTimeoutMs = 120_000;

/** The whole product as `npm start` runs it (built before), on a free port, with a state folder of its own. */
export class TelltaleProcess {
  private token = '';
  readonly home: string;
  /** Where its page is, without a slash at the end. */
  readonly url: string;
  /** The one-time link it printed. */
  readonly signInLink: string;

  private constructor(
    private readonly child: ChildProcess,
    said: { readonly url: string; readonly link: string; readonly home: string },
    private readonly ownsHome: boolean,
  ) {
    this.home = said.home;
    this.url = said.url;
    this.signInLink = said.link;
  }

  /** Resolves when it says that it is ready, signed in. */
  static async start(request: TelltaleRequest): Promise<TelltaleProcess> {
    const home = request.home ?? mkdtempSync(join(tmpdir(), 'telltale-home-'));
    const child = spawn(process.execPath, [resolve('dist/tools/start.mjs'), ...(request.args ?? [])], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...strangersEnvironment(emptyFolderIn(home)),
        TELLTALE_HOME: home,
        TELLTALE_PORT: '0',
        CLAUDE_CONFIG_DIR: request.claudeRoot,
        TELLTALE_HOST_NAME: 'bench-host',
        ...request.env,
      },
    });
    const said = await readyLines(child, request.onLine);
    return new TelltaleProcess(child, { ...said, home }, request.home === undefined);
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** GET of an API path as the signed-in user. */
  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      headers: { authorization: `Bearer ${await this.accessToken()}` },
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Uses the sign-in link on the first call. */
  async accessToken(): Promise<string> {
    if (this.token !== '') return this.token;
    const token = new URLSearchParams(new URL(this.signInLink).hash.slice(1)).get('token');
    const response = await fetch(`${this.url}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (!response.ok) throw new Error(`signing in answered ${response.status}: ${await response.text()}`);
    this.token = ((await response.json()) as { accessToken: string }).accessToken;
    return this.token;
  }

  /** Process ids of our descendants whose command line contains `part` (Linux). */
  pids(part: string): number[] {
    const parents = new Map<number, number>();
    for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
      const parent = parentOf(Number(name));
      if (parent !== undefined) parents.set(Number(name), parent);
    }
    const ours = (pid: number): boolean =>
      pid === this.pid || (parents.has(pid) && ours(parents.get(pid) as number));
    return [...parents.keys()].filter(
      (pid) => pid !== this.pid && ours(pid) && commandOf(pid).includes(part),
    );
  }

  /** SIGTERM, and wait until everything has ended. Its state stays. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await exited;
  }

  /** Ends it; its state goes too, unless the folder was given. */
  async stop(): Promise<void> {
    await this.end();
    if (this.ownsHome) rmSync(this.home, { recursive: true, force: true });
  }
}

/** A user's home in which no tool keeps anything. Beside the state: it goes with it. */
function emptyFolderIn(home: string): string {
  const folder = join(home, 'nobodys-home');
  mkdirSync(folder, { recursive: true });
  return folder;
}

function readyLines(
  child: ChildProcess,
  onLine: ((line: string) => void) | undefined,
): Promise<{ url: string; link: string }> {
  return new Promise((done, fail) => {
    const said: string[] = [];
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      fail(new Error(`Telltale was not ready within ${readyTimeoutMs / 1000} s:\n${said.join('\n')}`));
    }, readyTimeoutMs);
    let url = '';
    const read = (line: string) => {
      said.push(line);
      onLine?.(line);
      url = /Telltale is ready: (\S+)/.exec(line)?.[1] ?? url;
      const link = /(https?:\/\/\S+#token=\S+)/.exec(line)?.[1];
      if (url === '' || link === undefined) return;
      clearTimeout(timer);
      done({ url, link });
    };
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`Telltale ended with code ${code}:\n${said.join('\n')}`));
    });
  });
}

function parentOf(pid: number): number | undefined {
  try {
    // The command may hold blanks and brackets: the fields after its closing bracket are plain.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1]);
  } catch {
    return undefined; // it has ended
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended
  }
}
