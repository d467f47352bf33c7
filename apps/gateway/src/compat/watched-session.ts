import type { Delta } from '@telltale/contracts';
import { isAfter } from '../sessions/revisions';
import { MessageFrames } from './message-frames';
import { statFrames, statValues, type ShownMessage, type StatValues } from '../live/stat-frames';
import type { StatViewer } from './stat-viewer';

const mostHeld = 1000;

export interface WatchedState {
  readonly revision: string;
  readonly values: StatValues;
  /** The latest, in the feed's order. */
  readonly messages: readonly ShownMessage[];
}

interface Step {
  readonly before: StatValues | undefined;
  readonly texts: readonly string[];
}

/** One session that is shown on stat cards: what deltas lead to, written once for all who watch it. */
export class WatchedSession {
  readonly viewers = new Set<StatViewer>();
  /** Undefined until it was read, and where there is no such session. */
  revision: string | undefined;
  private values: StatValues | undefined;
  private at = '';
  private readonly frames: MessageFrames;
  /** Deltas that come while the session is read. */
  private held: Delta[] | undefined;
  private reading: Promise<void> | undefined;
  /** The frames of this step by kind of client: all who kept up are told the same. */
  private readonly step = new Map<StatViewer['kind'], Step>();

  constructor(
    readonly id: string,
    private readonly does: {
      readonly read: () => Promise<WatchedState | undefined>;
      /** There is no such session, or not any more. */
      readonly ended: () => void;
      readonly failed: (error: unknown) => void;
      /** ISO 8601 */
      readonly now: () => string;
    },
  ) {
    this.frames = new MessageFrames(id);
  }

  hear(delta: Delta): void {
    if (this.held) this.hold(this.held, delta);
    else if (delta.changes?.deleted) this.does.ended();
    else if (this.revision === undefined || isAfter(delta.to, this.revision)) this.follow(delta);
  }

  /** Reads the session anew: at the beginning, and where its chain of deltas is broken. */
  catchUp(): Promise<void> {
    this.reading ??= this.refresh().finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** Whatever the client lacks: of the figures those that differ from what it was told, and the messages since. */
  tell(viewer: StatViewer): void {
    if (!this.values || !viewer.isFree) return;
    const { told } = viewer;
    for (const text of this.statTexts(told?.values ?? this.known(viewer), viewer.kind)) viewer.send(text);
    viewer.told = { values: this.values, messages: this.frames.said };
    if (told && viewer.kind === 'session') this.tellMessages(viewer, told.messages, this.values);
  }

  /** As many as it takes; the others when it has taken these. */
  private tellMessages(viewer: StatViewer, told: number, values: StatValues): void {
    const texts = this.frames.since(told);
    let messages = this.frames.said - texts.length;
    for (const text of texts) {
      if (!viewer.isFree) break;
      viewer.send(text);
      messages += 1;
    }
    viewer.told = { values, messages };
  }

  /** A session's own socket begins with what changes, the stat cards with what is. */
  private known({ kind }: StatViewer): StatValues | undefined {
    return kind === 'session' ? this.values : undefined;
  }

  private hold(held: Delta[], delta: Delta): void {
    if (held.length < mostHeld) held.push(delta); // what is left out breaks the chain, and is read
  }

  private follow(delta: Delta): void {
    if (delta.refetch || delta.from !== this.revision) return void this.catchUp();
    this.revision = delta.to;
    this.at = delta.at;
    const { stats, messages } = delta.changes ?? {};
    if (stats) this.values = statValues(stats);
    if (messages) this.frames.add(messages, this.at);
    this.tellAll();
  }

  private async refresh(): Promise<void> {
    const held: Delta[] = [];
    this.held = held;
    try {
      const state = await this.does.read();
      if (state) this.take(state);
      else this.does.ended();
    } catch (error) {
      this.does.failed(error); // the next comparison of revisions tries again
    }
    this.held = undefined;
    // A gap among them is found by the next delta or the comparison: reading again at once might go on for ever.
    for (const delta of held) if (delta.changes?.deleted || delta.from === this.revision) this.hear(delta);
  }

  private take({ revision, values, messages }: WatchedState): void {
    const first = this.revision === undefined;
    this.revision = revision;
    this.at = this.does.now();
    this.values = values;
    if (first) this.frames.passOver(messages, this.at);
    else this.frames.add(messages, this.at);
    this.tellAll();
  }

  private tellAll(): void {
    this.step.clear();
    for (const viewer of this.viewers) this.tell(viewer);
  }

  private statTexts(before: StatValues | undefined, kind: StatViewer['kind']): readonly string[] {
    if (!this.values) return [];
    const made = this.step.get(kind);
    if (made && made.before === before) return made.texts;
    const names = kind === 'session' ? 'own' : 'stat_update';
    const frames = statFrames(before, this.values, { sessionId: this.id, at: this.at, names });
    const texts = frames.map((frame) => JSON.stringify(frame));
    this.step.set(kind, { before, texts });
    return texts;
  }
}
