import { setMaxListeners } from 'node:events';
import type { NatsConnection } from '@nats-io/transport-node';
import { maxFactBytes, type WatcherHeartbeat } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { BackfillProgress } from './publishing/backfill-progress';
import { BacklogGate } from './publishing/backlog-gate';
import { ByteLog } from './publishing/byte-log';
import { FactLog } from './publishing/fact-log';
import { FileTurns } from './publishing/file-turns';
import { positionAfter, type Head } from './publishing/head';
import { readHeads } from './publishing/heads';
import { realign } from './publishing/realignment';
import { defaultTurnLimits, TurnScheduler, type Lane } from './publishing/turn-scheduler';
import { Privacy } from './privacy/privacy';
import { ProjectGate } from './privacy/project-gate';
import { nothingExcluded, type Exclusion } from './sources/exclusion';
import type { MemberTurn, WatchedSource } from './sources/source';
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
}

/** A file changed within this time is live, whether or not the watcher saw it happen. */
const liveMs = 5 * 60_000;
const defaultSweepIntervalMs = 1500;
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
  private realigning: Promise<void> | undefined;
  private started = false;

  constructor(private readonly request: WatcherRequest) {
    const { host, connection, logger, sources, excluded } = request;
    setMaxListeners(0, this.ending.signal);
    this.registry = new FileRegistry(host);
    this.ownPrivacy = request.privacy ?? new Privacy({ content: 'full', redact: true });
    this.tree = new FileTree(sources, excluded, this, logger);
    for (const source of sources) this.attach(source);
    this.gate = new BacklogGate(() => this.scheduler.drain(), request.backlogLagLimitBytes);
    this.sweep = new Sweep(
      { files: this.registry.files, tree: this.tree, onChange: (file) => this.touch(file) },
      request.sweepIntervalMs ?? defaultSweepIntervalMs,
    );
    const factBytes = Math.min(
      request.factBytes ?? maxFactBytes,
      (connection.info?.max_payload ?? Infinity) - headerRoomBytes,
    );
    const turns = this.createTurns(new FactLog(connection, this.ending.signal, logger), factBytes);
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
    const heads = await this.heads();
    const files = [...this.registry.files.values()];
    for (const file of files) file.position = positionAfter(heads.get(file.subject));
    this.addVanished(heads);
    this.progress.begin(files);
    for (const file of this.registry.files.values()) this.scheduler.request(file, laneOf(file.stat));
    this.started = true;
    this.gate.listen(this.request.connection);
    void this.followConnection();
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

  private attach(source: WatchedSource): void {
    source.attach?.({
      request: (turn) => this.requestMember(source, turn),
      hasExclusions: this.request.excluded !== nothingExcluded,
      excludes: (directory) => this.request.excluded(directory),
    });
  }

  /** A part of a store wants a turn, its first one perhaps. */
  private requestMember(source: WatchedSource, { root, path, changedAt, isLive }: MemberTurn): void {
    const file = this.registry.get(path) ?? this.addMember(source, { root, path, changedAt });
    if (file === undefined) return;
    if (isLive) this.touch(file);
    else this.scheduler.request(file, 'backlog');
  }

  private addMember(
    source: WatchedSource,
    { root, path, changedAt }: Omit<MemberTurn, 'isLive'>,
  ): TrackedFile | undefined {
    const description = this.request.excluded(path) ? undefined : source.describeFile(root, path);
    const stat: FileStat = { size: 0, mtimeMs: changedAt, inode: 0 };
    if (description === undefined) return undefined;
    const file = this.registry.add({ ...description, path, root, source, local: false }, stat);
    this.progress.add(file);
    return file;
  }

  private touch(file: TrackedFile): void {
    file.touchedAt ??= epochNow();
    this.scheduler.request(file, 'live');
  }

  private heads(): Promise<Map<string, Head>> {
    const { connection, host, logger } = this.request;
    return readHeads({ connection, host, signal: this.ending.signal, logger });
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
      isRootPresent: (root) => this.tree.isRootPresent(root),
      onStored: (_file, bytes, latencyMs) => {
        this.gate.published(bytes);
        measures.stored(bytes, latencyMs);
      },
      onConflict: () => measures.conflict(),
      onLogLost: () => this.realign(),
      onSettled: (file) => this.progress.finish(file),
      onReady: (file) => this.scheduler.request(file, laneOf(file.stat)),
      onGone: (file) => {
        this.progress.finish(file);
        if (!file.again) this.registry.remove(file);
      },
    });
  }

  /** Files that the log holds as being there but that were deleted while no watcher ran: a turn each finds them gone. */
  private addVanished(heads: ReadonlyMap<string, Head>): void {
    for (const head of heads.values()) {
      const found = this.vanished(head);
      if (found) this.registry.add(found, undefined).position = positionAfter(head);
    }
  }

  /** Only below roots of ours that are there: another watcher of this host's name may know others. */
  private vanished({ attributes }: Head): FoundFile | undefined {
    if (!attributes || endings.includes(attributes.type)) return undefined;
    const { path, root } = attributes;
    if (this.isKnown(path) || this.request.excluded(path) || !this.tree.isRootPresent(root)) return undefined;
    const source = this.request.sources.find(({ roots }) => roots.includes(root));
    return source && foundAgain(source, root, path);
  }

  private async followConnection(): Promise<void> {
    for await (const status of this.request.connection.status()) {
      if (status.type === 'reconnect') this.realign();
    }
  }

  private realign(): void {
    this.realigning ??= realign({
      files: this.registry.files,
      readHeads: () => this.heads(),
      onMoved: (file) => this.scheduler.request(file, laneOf(file.stat)),
    })
      .then((moved) => {
        if (moved > 0)
          this.request.logger.warn('the log is not where it was; publishing again from there', {
            files: moved,
          });
      })
      .catch(() => undefined) // stopped meanwhile
      .finally(() => (this.realigning = undefined));
  }
}

/** After such a fact there is nothing to be said of a file that is not there. */
const endings: readonly string[] = ['telltale.file.removed.v1', 'telltale.session.deleted.v1'];

/** A file, or a folder that is told of like one. */
function foundAgain(source: WatchedSource, root: string, path: string): FoundFile | undefined {
  const description = source.describeFile(root, path) ?? source.describeDirectory?.(root, path);
  return description && { ...description, path, root, source, local: false };
}

function laneOf(stat: FileStat | undefined): Lane {
  return stat && stat.mtimeMs > Date.now() - liveMs ? 'live' : 'backlog';
}
