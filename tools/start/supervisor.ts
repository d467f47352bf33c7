import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, freePort, sealAuditTrail, type EmbeddedServer } from '@telltale/platform';
import { announcement, localUrl } from './announcement';
import type { Arguments } from './arguments';
import { StartFailure } from './failure';
import { followBackfill } from './follow-backfill';
import { gatewayPort } from './gateway-port';
import { openHome, type Home } from './home';
import { startNodeProgram } from './node-program';
import { writeRunFile } from './run-file';
import { runToEnd } from './run-to-end';
import {
  inherited,
  serviceEnvironments,
  type Addresses,
  type Environment,
  type ServiceName,
} from './service-environment';
import {
  databaseUrls,
  natsServer,
  natsUrls,
  postgresServer,
  type DatabaseUrls,
  type NatsUrls,
  type ServerContext,
} from './servers';
import { ServiceOutput } from './service-output';
import type { Settings } from './settings';
import { Supervised, type Running } from './supervised';
import type { Terminal } from './terminal';
import { waitReady } from './wait-ready';

export interface SupervisorRequest {
  readonly args: Arguments;
  readonly settings: Settings;
  /** What we were started with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the built programs. */
  readonly dist: string;
  readonly terminal: Terminal;
}

const readyTimeoutMs = 120_000;
/** A killed run's services end themselves within this time. */
const orphansEndMs = 8000;

/** Starts servers and services in order, keeps them running, and ends them in the reverse order. */
export class Supervisor {
  private readonly ending = new AbortController();
  /** In the order of their start. */
  private readonly supervised: { stop(): Promise<void>; kill(): Promise<void> }[] = [];
  private readonly leftBehind: string[] = [];
  private home: Home | undefined;
  private output: ServiceOutput | undefined;
  private started: Promise<void> | undefined;
  private ended: Promise<void> | undefined;

  constructor(private readonly request: SupervisorRequest) {}

  /**
   * Resolves when the page can be opened; a backfill goes on behind.
   *
   * @throws StartFailure and others; call `stop()` then
   */
  start(): Promise<void> {
    this.started = this.begin();
    return this.started;
  }

  private async begin(): Promise<void> {
    const { args, settings, env, terminal } = this.request;
    const home = (this.home = openHome(settings.home));
    if (home.tookOver) terminal.line('  The last run did not end in order; going on from its state.');
    const port = await gatewayPort(settings, home.tookOver ? orphansEndMs : 0, this.ending.signal);
    this.output = new ServiceOutput(home.logs, terminal);
    const context = { home, settings, output: this.output, report: this.report };
    const database = settings.databaseUrl
      ? sameDatabase(settings.databaseUrl)
      : await databaseUrls(home, await this.startServer(postgresServer(context), context));
    const nats = settings.natsUrl
      ? sameNats(settings.natsUrl)
      : natsUrls(home, await this.startServer(natsServer(context), context));
    const addresses = { nats, database, port, demoRoot: args.demo ? this.demoRoot() : undefined };
    const environments = serviceEnvironments(settings, addresses, env['TELLTALE_ADMIN_PASSWORD']);
    this.publish(addresses, environments);
    if (args.serversOnly)
      return terminal.line(`PostgreSQL and NATS are ready for "nx serve". State: ${home.path}`);
    await terminal.step('Database schema', async () => {
      for (const app of ['ingest', 'gateway'] as const)
        await this.program(`apps/${app}/migrate.mjs`, environments[app], `${app} migration`);
      if (!settings.databaseUrl) await sealAuditTrail(database.operator);
    });
    await this.startServices(environments, addresses);
    await this.announce(environments, addresses);
  }

  /** Ends everything in order. Safe to call at any time, and more than once. */
  stop(): Promise<void> {
    this.ended ??= this.end();
    return this.ended;
  }

  /** Ends everything at once. */
  async kill(): Promise<void> {
    await Promise.all(this.supervised.map((one) => one.kill()));
  }

  private async end(): Promise<void> {
    this.ending.abort(new StartFailure('Stopped.'));
    if (this.output) this.output.muted = true;
    this.request.terminal.status('');
    for (const one of this.supervised.toReversed()) await one.stop();
    // What the start has under way ends by itself now; until then the home is still ours.
    await this.started?.catch(() => undefined);
    for (const folder of this.leftBehind) rmSync(folder, { recursive: true, force: true });
    if (this.home) rmSync(this.home.file('run.json'), { force: true });
    this.home?.release();
  }

  private async startServer(server: Supervised<EmbeddedServer>, context: ServerContext): Promise<string> {
    const { terminal } = this.request;
    const elsewhere = server.name === 'PostgreSQL' && existsSync(context.home.file('postgres-folder'));
    const note = elsewhere
      ? `its data is not in ${context.home.path}, which PostgreSQL’s user cannot reach (see postgres-folder there)`
      : undefined;
    const running = await terminal.step(
      server.name,
      () => this.supervise(server),
      () => note,
    );
    return running.url;
  }

  private async startServices(
    environments: Record<ServiceName, Environment>,
    { port }: Addresses,
  ): Promise<void> {
    const { settings, terminal } = this.request;
    await terminal.step('Services', async () => {
      for (const name of ['ingest', 'gateway', 'watcher'] as const)
        await this.service(name, `apps/${name}/main.mjs`, environments[name]);
      await waitReady(`${localUrl(settings.host, port)}/readyz`, readyTimeoutMs, this.ending.signal);
    });
    const demo = environments.watcher['TELLTALE_DEMO_ROOT'];
    if (demo)
      await this.service('demo', 'tools/demo.mjs', {
        TELLTALE_DEMO_ROOT: demo,
        TELLTALE_DEMO_GATEWAY: localUrl(settings.host, port),
        TELLTALE_DEMO_SIGN_IN: await this.signInLink(environments),
      });
  }

  /** Signs whoever has it in, once: it goes to no log. */
  private async signInLink({ gateway }: Record<ServiceName, Environment>): Promise<string> {
    const what = 'making the sign-in link';
    return (await this.program('apps/gateway/sign-in.mjs', gateway, what, ignore)).at(-1) ?? '';
  }

  private async announce(
    environments: Record<ServiceName, Environment>,
    { nats, port }: Addresses,
  ): Promise<void> {
    const { settings, terminal, args } = this.request;
    const signInLink = await this.signInLink(environments);
    this.ending.signal.throwIfAborted();
    for (const line of announcement({
      url: this.url(port),
      signInLink,
      reader: nats.reader,
      demo: args.demo,
    }))
      terminal.line(line);
    const logger = createLogger('start', { write: this.output?.server('start') ?? ignore });
    const follow = {
      natsUrl: nats.operator,
      hostName: settings.hostName,
      terminal,
      logger,
      signal: this.ending.signal,
    };
    followBackfill(follow).catch((error: unknown) => logger.debug('no backfill display', { error }));
  }

  private url(port: number): string {
    const { publicUrl, host } = this.request.settings;
    return publicUrl ?? localUrl(host, port);
  }

  private async service(name: string, script: string, env: Environment): Promise<void> {
    const { dist, env: ours } = this.request;
    const onLine = this.output?.service(name) ?? ignore;
    const begin = async () => {
      const healthPort = String(await freePort());
      return startNodeProgram({
        dist,
        script,
        onLine,
        env: { ...inherited(ours), TELLTALE_HEALTH_PORT: healthPort, ...env },
      });
    };
    await this.supervise(new Supervised(name, begin, this.report));
  }

  /** While all ends, each of us may notice that another has ended. */
  private readonly report = (line: string): void => {
    if (!this.ending.signal.aborted) this.request.terminal.line(`! ${line}`);
  };

  private async supervise<T extends Running>(one: Supervised<T>): Promise<T> {
    this.ending.signal.throwIfAborted();
    const running = await one.start();
    this.supervised.push(one);
    if (this.ending.signal.aborted) await one.stop(); // told to end while it started
    this.ending.signal.throwIfAborted();
    return running;
  }

  private program(
    script: string,
    env: Environment,
    what: string,
    onLine = this.output?.server('start') ?? ignore,
  ): Promise<string[]> {
    this.ending.signal.throwIfAborted();
    const { dist, env: ours } = this.request;
    const program = { dist, script, env: { ...inherited(ours), ...env }, onLine };
    return runToEnd(program, what, this.ending.signal);
  }

  /** Others find us by it: `npm run sign-in`, `nx serve`, a second start. */
  private publish({ port, nats, database }: Addresses, environment: Record<ServiceName, Environment>): void {
    const { dist, settings } = this.request;
    writeRunFile(this.home?.path ?? settings.home, {
      pid: process.pid,
      startedAt: new Date().toISOString(),
      url: this.url(port),
      operator: { NATS_URL: nats.operator, DATABASE_URL: database.operator },
      environment,
      signIn: {
        file: process.execPath,
        args: [join(dist, 'apps/gateway/sign-in.mjs')],
        cwd: process.cwd(),
        env: environment.gateway,
      },
    });
  }

  private demoRoot(): string {
    if (!existsSync(join(this.request.dist, 'tools/demo.mjs')))
      throw new StartFailure('The demo is not built: there is no dist/tools/demo.mjs.');
    const folder = mkdtempSync(join(tmpdir(), 'telltale-demo-'));
    this.leftBehind.push(folder);
    return folder;
  }
}

const ignore = (): void => undefined;

/** On servers that are not ours, their operator decides who may what. */
function sameNats(url: string): NatsUrls {
  return { operator: url, ingest: url, gateway: url, watcher: url, reader: undefined };
}

function sameDatabase(url: string): DatabaseUrls {
  return { operator: url, ingest: url, gateway: url };
}
