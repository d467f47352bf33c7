import type { Delta, Room, SubscribeAck, SubscribeRequest } from '@telltale/contracts';
import { FrameBatch } from './frame-batch';
import { RevisionChain } from './revision-chain';

type Snapshot = Extract<SubscribeAck, { snapshot: unknown }>['snapshot'];

/** What a store does with a room's news. */
export interface RoomMember {
  readonly room: Room;
  /** All of it anew. */
  snapshot(snapshot: Snapshot): void;
  /** In order of revision, nothing missing, nothing twice; once per animation frame at most. */
  deltas(deltas: readonly Delta[]): void;
  /** The room cannot be had: 404 for a session that does not exist. */
  refused(status: number, title: string): void;
  /** Asks over HTTP with ETags, while the socket is away. @throws ApiError */
  poll(): Promise<void>;
}

export type Subscribe = (request: SubscribeRequest) => Promise<SubscribeAck>;

/** Keeps one room's member in step with the server: snapshot, deltas by revision, and asking again at a gap. */
export class RoomSync {
  readonly #chain = new RevisionChain();
  readonly #batch = new FrameBatch<Delta>((deltas) => this.#apply(deltas));
  #gapTimer: ReturnType<typeof setTimeout> | undefined;
  /** Counts subscriptions, so that an answer which is late is known as such. */
  #asked = 0;

  constructor(
    readonly member: RoomMember,
    private readonly subscribe: Subscribe,
  ) {}

  receive(delta: Delta): void {
    this.#batch.add(delta);
  }

  /** Joins the room, or asks again where something was missed. `anew`: the snapshot is wanted in any case. */
  async join(anew = false): Promise<void> {
    const asked = ++this.#asked;
    this.#batch.clear();
    this.#chain.restart();
    clearTimeout(this.#gapTimer);
    const known = anew ? null : this.#chain.revision;
    const answer = await this.subscribe({
      room: this.member.room,
      ...(known === null ? {} : { revision: known }),
    });
    if (asked !== this.#asked) return; // a later question is under way
    if ('error' in answer) return this.member.refused(answer.error.status, answer.error.title);
    if ('snapshot' in answer) this.member.snapshot(answer.snapshot);
    this.#deliver(this.#chain.adopt(answer.revision));
  }

  leave(): void {
    this.#asked++;
    this.#batch.clear();
    clearTimeout(this.#gapTimer);
  }

  #apply(batch: readonly Delta[]): void {
    // `refetch` from no revision: the server dropped what it had for us, there is nothing to wait for
    if (batch.some((delta) => delta.refetch && delta.from === null)) return this.#again(true);
    this.#deliver(this.#chain.accept(batch, Date.now()));
  }

  #deliver(ready: readonly Delta[]): void {
    const refetch = ready.some((delta) => delta.refetch);
    if (ready.length > 0) this.member.deltas(ready);
    if (refetch) this.#again(true);
    else this.#watchGap();
  }

  #watchGap(): void {
    clearTimeout(this.#gapTimer);
    const deadline = this.#chain.deadline;
    if (deadline === null) return;
    this.#gapTimer = setTimeout(() => this.#again(false), Math.max(0, deadline - Date.now()));
  }

  #again(anew: boolean): void {
    // The socket may break meanwhile; the connection then joins every room anew when it is back.
    this.join(anew).catch(() => undefined);
  }
}
