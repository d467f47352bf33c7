import {
  liveDeletedSubject,
  liveFleetSubject,
  liveSessionSubject,
  maxDeltaBytes,
  sessionRoom,
  type Delta,
  type Message,
  type SessionChanges,
} from '@telltale/contracts';
import {
  isVisible,
  toolDuration,
  type DetailView,
  type Item,
  type MessageUsage,
  type ToldItem,
} from '@telltale/domain';
import { isDeepStrictEqual } from 'node:util';
import type { FleetSteps } from './fleet-revisions';
import type { SeenAt } from './folding';
import type { Committed, CommittedSession } from './projector';
import type { StoredSession } from './slice-reader';

export interface LiveMessage {
  readonly subject: string;
  readonly delta: Delta;
  readonly json: string;
}

export interface EmitTimes {
  /** By session; none for what the clock changed. */
  readonly seen: ReadonlyMap<string, SeenAt>;
  /** Epoch ms. */
  readonly emitted: number;
  /** Sessions of which a later commit was emitted before this one: the fleet's clients must ask again. */
  readonly overtaken: ReadonlySet<string>;
}

/** With more new items than this a delta only says to fetch again: it would be above its size anyway. */
const itemsInDelta = 60;

/**
 * The deltas of one commit: for each session that is shown one in its own room and one in the fleet's, where it
 * leads from one fleet revision to the next.
 */
export function deltasOf(committed: Committed, fleet: FleetSteps, times: EmitTimes): LiveMessage[] {
  const { sessions, committedAt } = committed;
  const { generation } = fleet;
  const { emitted: now } = times;
  const items = itemsBySession(committed.changes.told);
  const at = new Date(now).toISOString();
  return sessions.flatMap((session, index) => {
    const { state } = session.row;
    const seenAt = times.seen.get(state.id);
    const trace = seenAt && {
      trace: { seen: seenAt.seen, fact: seenAt.logged, committed: committedAt, emitted: now },
    };
    const step = fleet.revision - sessions.length + index;
    const inFleet = {
      room: 'fleet' as const,
      sessionId: state.id,
      from: `${generation}.${step}`,
      to: `${generation}.${step + 1}`,
      at,
      ...trace,
    };
    const before = shownBefore(session);
    const revision = `${generation}.${session.row.revision}`;
    if (isDeletion(session))
      return deletedDeltas(inFleet, { from: before && `${generation}.${before.revision}`, to: revision });
    // A session that is none yet still takes its step of the fleet's chain.
    if (!isVisible(state)) return [message(liveFleetSubject, { ...inFleet, changes: {} })];
    const own = {
      room: sessionRoom(state.id),
      sessionId: state.id,
      from: before === undefined ? null : `${generation}.${before.revision}`,
      to: revision,
      at,
      ...trace,
    };
    const summary = { ...changed(before?.summary, session.row.view.summary), revision };
    return [
      message(
        liveSessionSubject(state.id),
        withChanges(
          own,
          { before, after: session.row.view.detail },
          { summary, items: items.get(state.id) ?? [] },
        ),
      ),
      message(liveFleetSubject, {
        ...inFleet,
        ...(times.overtaken.has(state.id)
          ? { refetch: true as const }
          : { changes: { ...summary, ...latestMessages(items.get(state.id) ?? []) } }),
      }),
    ];
  });
}

function shownBefore({ stored }: CommittedSession): StoredSession | undefined {
  return stored !== undefined && isVisible(stored.state) ? stored : undefined;
}

function isDeletion({ stored, row }: CommittedSession): boolean {
  return row.state.deleted === true && stored?.state.deleted !== true;
}

/** To both rooms, where it was shown; and in any case to those who keep something of sessions. */
function deletedDeltas(
  inFleet: Delta,
  { from, to }: { readonly from: string | undefined; readonly to: string },
): LiveMessage[] {
  const deleted: Delta = { ...inFleet, changes: { deleted: true } };
  const own = { ...deleted, room: sessionRoom(inFleet.sessionId), from: from ?? null, to };
  return [
    ...(from === undefined ? [] : [message(liveSessionSubject(inFleet.sessionId), own)]),
    message(liveFleetSubject, deleted),
    message(liveDeletedSubject, deleted),
  ];
}

function withChanges(
  delta: Delta,
  detail: { readonly before: StoredSession | undefined; readonly after: DetailView },
  parts: { summary: SessionChanges; items: readonly ToldItem[] },
): Delta {
  if (parts.items.length > itemsInDelta) return { ...delta, refetch: true };
  const details = withAdded(changed(detail.before?.detail, detail.after), detail.before?.detail);
  const messages = parts.items.length > 0 ? { messages: parts.items.filter(isMessage).map(messageOf) } : {};
  return { ...delta, changes: { ...parts.summary, ...details, ...messages } };
}

/** Of screenshots a delta carries those added or changed, as of messages. */
function withAdded(details: SessionChanges, before: DetailView | undefined): SessionChanges {
  const { screenshots } = details;
  if (screenshots === undefined || before === undefined) return details;
  const known = new Map(before.screenshots.map((screenshot) => [screenshot.id, screenshot]));
  return {
    ...details,
    screenshots: screenshots.filter((screenshot) => !isDeepStrictEqual(known.get(screenshot.id), screenshot)),
  };
}

/** The fleet's feed shows only what came last. */
function latestMessages(items: readonly ToldItem[]): SessionChanges {
  const latest = items.filter(isMessage).slice(-3).map(messageOf);
  return latest.length > 0 ? { messages: latest } : {};
}

function message(subject: string, delta: Delta): LiveMessage {
  const json = JSON.stringify(delta);
  if (Buffer.byteLength(json) <= maxDeltaBytes) return { subject, delta, json };
  const { changes: _, ...rest } = delta;
  const short: Delta = { ...rest, refetch: true };
  return { subject, delta: short, json: JSON.stringify(short) };
}

/** The fields that differ, with their new values. */
function changed<T extends object>(before: T | undefined, after: T): Partial<T> {
  if (before === undefined) return after;
  const entries = Object.entries(after) as [keyof T, unknown][];
  return Object.fromEntries(
    entries.filter(([name, value]) => !isDeepStrictEqual(value, before[name])),
  ) as Partial<T>;
}

function isMessage({ item }: ToldItem): boolean {
  // A result whose tool use was not seen is no call yet.
  return item.kind !== 'compaction' && item.used;
}

const authors = {
  prompt: 'user',
  assistant: 'assistant',
  tool: 'tool',
  error: 'system',
  compaction: 'system',
} as const;

/** An item as the feed shows it, with its preview for a text: the whole text is read from the log on demand. */
function messageOf({ item, usage }: ToldItem): Message {
  return {
    id: item.key,
    author: authors[item.kind],
    kind: item.kind === 'compaction' ? 'error' : item.kind,
    at: item.at > 0 ? new Date(item.at).toISOString() : null,
    agentId: item.agentId,
    model: item.model,
    text: item.kind === 'tool' ? '' : item.preview,
    preview: item.kind === 'tool' ? '' : item.preview,
    ...(item.kind === 'tool' ? { tool: toolOf(item) } : {}),
    ...(usage ? { tokens: usage.tokens, costUsd: dollarsOf(usage) } : {}),
    images: [],
  };
}

function dollarsOf({ costPico }: MessageUsage): number | null {
  return costPico === null ? null : Number(costPico) / 1e12;
}

function toolOf(item: Item): NonNullable<Message['tool']> {
  return {
    name: item.name ?? 'unknown',
    input: item.input,
    // A result may bear no time of its own.
    result: item.parts.some((part) => part.r === 'result') ? item.preview : null,
    isError: item.isError,
    durationMs: toolDuration(item),
  };
}

function itemsBySession(items: readonly ToldItem[]): Map<string, ToldItem[]> {
  const bySession = new Map<string, ToldItem[]>();
  for (const told of items) {
    const known = bySession.get(told.item.sessionId);
    if (known === undefined) bySession.set(told.item.sessionId, [told]);
    else known.push(told);
  }
  for (const list of bySession.values()) list.sort((a, b) => a.item.at - b.item.at);
  return bySession;
}
