import type { Source } from '@telltale/contracts';
import type { Observation, ObservationOf } from '../observation';
import { mergeItems, type Item } from './item';
import { isItem, itemOf } from './item-of';
import { mergeSession } from './merge-session';
import { Pile } from './pile';
import { agentActive, saidOf } from './said-of';
import { emptySession, type SessionState } from './session-state';
import { betterCandidate, candidateSlot, type UsageCandidate } from './usage-candidate';

/** Collects a batch of observations and reduces it on the way: one entry a key and session, one a session. */
export class BatchDraft {
  readonly items = new Map<string, Item>();
  readonly usage = new Map<string, UsageCandidate>();
  private readonly said = new Map<string, Pile<SessionState>>();
  private joined: ReadonlyMap<string, SessionState> | undefined;
  private source: Source = 'claude-code';
  private count = 0;

  /** How many observations it was made of. */
  get size(): number {
    return this.count;
  }

  /** What is said of each session. */
  get sessions(): ReadonlyMap<string, SessionState> {
    this.joined ??= new Map([...this.said].map(([id, pile]) => [id, pile.whole]));
    return this.joined;
  }

  /** `clock`: the broker's time of the fact in epoch ms; records cannot be later than that. */
  add(observation: Observation, source: Source, clock: number): void {
    this.source = source;
    this.count += 1;
    const latest = Math.floor(clock);
    const seen = observation.at > latest ? { ...observation, at: latest } : observation;
    const { sessionId } = seen;
    // Also what says nothing of its session names it: it must be read before it is written.
    if (!this.said.has(sessionId)) this.say(sessionId, {});
    if (seen.agentId !== null && seen.type !== 'agent')
      this.say(sessionId, { agents: { [seen.agentId]: agentActive(seen.at) } });
    if (isItem(seen)) this.addItem(itemOf(seen));
    if (seen.type === 'usage') this.addUsage(seen);
    const said = saidOf(seen, latest);
    if (said !== undefined) this.say(sessionId, said);
  }

  /** Says which file tells of a session. */
  addFile(
    sessionId: string,
    source: Source,
    file: { host: string; path: string; role: string; removed: boolean },
  ): void {
    this.source = source;
    this.say(sessionId, { files: { [`${file.host}:${file.path}`]: file } });
  }

  /** The session is to be gone, whatever else is said of it. */
  delete(sessionId: string, source: Source): void {
    this.source = source;
    this.count += 1;
    this.say(sessionId, { deleted: true });
  }

  private say(sessionId: string, said: Partial<SessionState>): void {
    const state = { ...emptySession(sessionId, this.source), ...said };
    const pile = this.said.get(sessionId);
    if (pile === undefined) this.said.set(sessionId, new Pile(mergeSession, state));
    else pile.add(state);
    this.joined = undefined;
  }

  private addUsage(seen: ObservationOf<'usage'>): void {
    const candidate = {
      messageKey: seen.messageKey,
      sessionId: seen.sessionId,
      row: { ...seen.row, at: seen.at },
      place: seen.place,
    };
    const slot = candidateSlot(candidate);
    this.usage.set(slot, betterCandidate(this.usage.get(slot), candidate));
  }

  private addItem(item: Item): void {
    const id = `${item.key}\0${item.sessionId}`;
    const known = this.items.get(id);
    this.items.set(id, known === undefined ? item : mergeItems(known, item));
  }
}
