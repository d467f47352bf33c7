import { Inject, Injectable } from '@nestjs/common';
import { sessionOfRoom, type Room } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { LOGGER } from '../connections';
import { isAfter, Revisions } from '../sessions/revisions';
import type { LiveRoom } from './live-room';
import { LiveRooms } from './live-rooms';

export const compareEveryMs = 2000;
/** A delta that was published may still be on its way. */
const graceMs = 250;

/** Finds rooms whose deltas were lost between commit and here, and has them ask again. */
@Injectable()
export class LostDeltas {
  private timer: NodeJS.Timeout | undefined;
  private failing = false;

  constructor(
    private readonly rooms: LiveRooms,
    private readonly revisions: Revisions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  start(): void {
    const tick = async () => {
      await this.compare();
      if (this.timer) this.timer = setTimeout(() => void tick(), compareEveryMs).unref();
    };
    this.timer = setTimeout(() => void tick(), compareEveryMs).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** One query for all rooms that have members. */
  private async compare(): Promise<void> {
    const watched = this.rooms.list().filter((room) => room.members.size > 0);
    if (watched.length === 0) return;
    try {
      const current = await this.current(watched);
      const behind = watched.filter((room) => isBehind(room, current.get(room.room)));
      if (behind.length > 0) await pause(graceMs, undefined, { ref: false });
      for (const room of behind) {
        const revision = current.get(room.room);
        if (isBehind(room, revision)) this.refetch(room, revision ?? goneRevision);
      }
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.warn('revisions cannot be compared', { error });
      this.failing = true; // said once; the next round tries again
    }
  }

  private async current(rooms: readonly LiveRoom[]): Promise<Map<Room, string | undefined>> {
    const ids = rooms.map(({ room }) => sessionOfRoom(room)).filter((id) => id !== undefined);
    const { fleet, sessions } = await this.revisions.many(ids);
    return new Map(
      rooms.map(({ room }) => {
        const id = sessionOfRoom(room);
        return [room, id === undefined ? fleet : sessions.get(id)];
      }),
    );
  }

  private refetch(room: LiveRoom, revision: string): void {
    this.logger.info('a delta was lost, the room asks again', {
      room: room.room,
      from: room.revision,
      to: revision,
    });
    this.rooms.refetch(room, revision);
  }
}

/** Where a session's row is gone, its room has come to an end. */
const goneRevision = 'gone';

function isBehind(room: LiveRoom, current: string | undefined): boolean {
  if (room.members.size === 0 || room.revision === undefined) return false;
  if (current === undefined) return room.revision !== goneRevision;
  return room.revision !== current && isAfter(current, room.revision);
}
