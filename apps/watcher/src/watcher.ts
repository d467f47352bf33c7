import { setMaxListeners } from 'node:events';
import type { NatsConnection } from '@nats-io/transport-node';
import { maxFactBytes, type WatcherHeartbeat } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { BackfillProgress } from './publishing/backfill-progress';
import { BacklogGate } from './publishing/backlog-gate';
import { ByteLog } from './publishing/byte-log';
import { FactLog } from './publishing/fact-log';
import { FileTurns } from './publishing/file-turns';
import { positionAfter } from './publishing/head';
import { readAllHeads, readHeads, type Heads, type HeadsRequest } from './publishing/heads';
import { Realignment } from './publishing/realignment';
import { StoreMembers } from './publishing/store-members';
import { defaultTurnLimits, TurnScheduler, type Lane } from './publishing/turn-scheduler';
import { VanishedFiles } from './publishing/vanished-files';
import { Privacy } from './privacy/privacy';
import { ProjectGate } from './privacy/project-gate';
import type { Exclusion } from './sources/exclusion';
import type { WatchedSource } from './sources/source';
import type { Measures } from './status/measures';
import { epochNow } from './tailing/epoch-now';
import { FileRegistry } from './tailing/file-registry';
import { FileTree, type FoundFile, type TreeListener } from './tailing/file-tree';
import type { FileStat } from './tailing/reading';
import { Sweep } from './tailing/sweep';
import type { TrackedFile } from './tailing/tracked-file';

export interface WatcherRequest {
  readonly connection: NatsConnection;
  readonly host: string;
  readonly sources: readonly WatchedSource[];
  readonly excluded: Exclusion;
  /** Everything but secrets where nothing is said. */
  readonly privacy?: Privacy;
  readonly logger: Logger;
  readonly measures: Pick<Measures, 'stored' | 'conflict'>;
  /** For tests: smaller than what a fact may carry. */
  readonly factBytes?: number;
  readonly sweepIntervalMs?: number;
  readonly backlogLagLimitBytes?: number;
  readonly backlogSilenceMs?: number;
}

/** A file changed within this time is live, whether or not the watcher saw it happen. */
const liveMs = 5 * 60_000;
const defaultSweepIntervalMs = 1500;
/** Ingest has lost its connection, too, or starts as we do: so long it may take to be there. */
const longestPatienceMs = 5000;
/** What reading a head without ingest takes: to wait for ingest longer than for all of them would be no gain. */
const headMs = 0.5;
/** What headers may take of the server's limit for a message. */
const headerRoomBytes = 16 * 1024;

/** Finds the sources' files, follows them, and brings every whole line of them into the log. */
export class Watcher implements TreeListener {
  readonly registry: FileRegistry;
  private readonly ending = new AbortController();
  private readonly tree: FileTree;
  private readonly sweep: Sweep;
  private readonly gate: BacklogGate;
  private readonly scheduler: TurnScheduler;
  private readonly progress = new BackfillProgress();
  private readonly ownPrivacy: Privacy;
  private readonly log: FactLog;
  private readonly vanished: VanishedFiles;
  private readonly realignment: Realignment;
  private started = false;

  constructor(private readonly request: WatcherRequest) {
    const { host, connection, logger, sources, excluded } = request;
    setMaxListeners(0, this.ending.signal);
    this.registry = new FileRegistry(host);
    this.ownPrivacy = request.privacy ?? new Privacy({ content: 'full', redact: true });
    this.tree = new FileTree(sources, excluded, this, logger);
    const members = new StoreMembers({
      registry: this.registry,
      excluded,
      onAdded: (file) => this.progress.add(file),
      onTurn: (file, isLive) => (isLive ? this.touch(file) : this.scheduler.request(file, 'backlog')),
    });
    for (const source of sources) members.attach(source);
    const { backlogLagLimitBytes, backlogSilenceMs } = request;
    this.gate = new BacklogGate(() => this.scheduler.drain(), backlogLagLimitBytes, backlogSilenceMs);
    this.sweep = new Sweep(
      { files: this.registry.files, tree: this.tree, onChange: (file) => this.touch(file) },
      request.sweepIntervalMs ?? defaultSweepIntervalMs,
    );
    const factBytes = Math.min(
      request.factBytes ?? maxFactBytes,
      (connection.info?.max_payload ?? Infinity) - headerRoomBytes,
    );
    this.log = new FactLog(connection, this.ending.signal, logger);
    this.vanished = this.createVanished();
    this.realignment = this.createRealignment();
    const turns = this.createTurns(this.log, factBytes);
    const runner = {
      run: (file: TrackedFile) => turns.run(file),
      isBacklogOpen: (bytes: number) => this.gate.isOpen(bytes),
    };
    this.scheduler = new TurnScheduler(runner, { ...defaultTurnLimits, factBytes });
  }

  /**
   * Resolves once every file that is there is known with its place in the log, and publishing has begun.
   *
   * @throws when stopped meanwhile
   */
  async start(): Promise<void> {
    await this.tree.scan();
    const { heads, complete } = await this.heads(this.registry.files.size * headMs);
    const files = [...this.registry.files.values()];
    for (const file of files) file.position = positionAfter(heads.get(file.subject));
    this.vanished.add(heads);
    if (!complete) this.vanished.learn();
    this.progress.begin(files);
    for (const file of this.registry.files.values()) this.scheduler.request(file, laneOf(file.stat));
    this.started = true;
    this.gate.listen(this.request.connection);
    void this.realignment.follow();
    this.scheduler.start();
    this.sweep.start();
    this.request.logger.info('watching', {
      files: files.length,
      directories: this.tree.directories.size,
      known: heads.size,
    });
  }

  /** Ends in order: the acks under way are awaited for a while, nothing new begins. */
  async stop(): Promise<void> {
    this.sweep.stop();
    this.tree.close();
    this.gate.close();
    const finished = this.scheduler.stop();
    const patience = setTimeout(() => this.ending.abort(new Error('the watcher is stopping')), 2000);
    if (!this.started) this.ending.abort(new Error('the watcher is stopping'));
    await finished;
    clearTimeout(patience);
    this.ending.abort(new Error('the watcher is stopping'));
  }

  /** Goes on by the sweep alone, as on a disk that sends no events. */
  closeEvents(): void {
    this.tree.close();
  }

  isStarted(): boolean {
    return this.started;
  }

  roots(): WatcherHeartbeat['roots'] {
    return this.request.sources.flatMap(({ name, roots }) =>
      roots.map((path) => ({ source: name, path, present: this.tree.isRootPresent(path) })),
    );
  }

  backfill(): WatcherHeartbeat['backfill'] {
    return this.progress.snapshot();
  }

  privacy(): Pick<WatcherHeartbeat, 'content' | 'redaction' | 'redacted'> {
    return this.ownPrivacy.snapshot();
  }

  isKnown(path: string): boolean {
    return this.registry.get(path) !== undefined;
  }

  found(found: FoundFile, stat: FileStat): void {
    if (this.isKnown(found.path)) return;
    const file = this.registry.add(found, stat);
    if (!this.started) return; // its turn comes when the log's heads are known
    const lane = laneOf(stat);
    if (lane === 'live') file.touchedAt = epochNow();
    this.scheduler.request(file, lane);
  }

  touched(path: string): boolean {
    const file = this.registry.get(path);
    if (file) this.touch(file);
    return file !== undefined;
  }

  /** What went away with it and did not come back must be said. */
  rootCame(): void {
    if (this.started) this.vanished.learn();
  }

  private touch(file: TrackedFile): void {
    file.touchedAt ??= epochNow();
    this.scheduler.request(file, 'live');
  }

  private heads(patienceMs: number): Promise<Heads> {
    const request = this.headsRequest(Math.min(patienceMs, longestPatienceMs));
    return readHeads(request, [...this.registry.files.values()]);
  }

  private headsRequest(patienceMs = Infinity): HeadsRequest {
    const { connection, host, logger } = this.request;
    return { connection, host, log: this.log, signal: this.ending.signal, logger, patienceMs };
  }

  private createVanished(): VanishedFiles {
    const { sources, excluded } = this.request;
    return new VanishedFiles({
      registry: this.registry,
      tree: this.tree,
      sources,
      excluded,
      readAllHeads: () => readAllHeads(this.headsRequest()),
      onLearned: (file) => this.scheduler.request(file, 'backlog'),
    });
  }

  private createRealignment(): Realignment {
    const { connection, logger } = this.request;
    return new Realignment({
      connection,
      logger,
      files: this.registry.files,
      readHeads: async () => (await this.heads(longestPatienceMs)).heads,
      turnOver: (file) => this.scheduler.turnOver(file),
      onMoved: (file) => this.scheduler.request(file, laneOf(file.stat)),
    });
  }

  private createTurns(log: FactLog, factBytes: number): FileTurns {
    const { host, logger, measures } = this.request;
    return new FileTurns({
      log,
      host,
      factBytes,
      logger,
      privacy: this.ownPrivacy,
      gate: new ProjectGate(this.request.excluded),
      byteLog: this.ownPrivacy.sendsPictures ? new ByteLog(log, host) : undefined,
      isRootThere: (root) => this.tree.isRootThere(root),
      onStored: (_file, bytes, latencyMs) => {
        this.gate.published(bytes);
        measures.stored(bytes, latencyMs);
      },
      onConflict: () => measures.conflict(),
      onLogLost: () => this.realignment.begin(),
      onSettled: (file) => this.progress.finish(file),
      onReady: (file) => this.scheduler.request(file, laneOf(file.stat)),
      onGone: (file) => {
        this.progress.finish(file);
        if (!file.again) this.registry.remove(file);
      },
    });
  }
}

function laneOf(stat: FileStat | undefined): Lane {
  return stat && stat.mtimeMs > Date.now() - liveMs ? 'live' : 'backlog';
}
