import { Injectable } from '@nestjs/common';
import {
  sessionListQuerySchema,
  sessionOfRoom,
  type FleetSnapshot,
  type Room,
  type Session,
} from '@telltale/contracts';
import { Revisions } from '../sessions/revisions';
import { SessionDetails } from '../sessions/session-detail';
import { SessionLists } from '../sessions/session-list';

export interface Snapshot {
  readonly revision: string;
  readonly snapshot: FleetSnapshot | Session;
}

/** A room as it is now. */
@Injectable()
export class Snapshots {
  constructor(
    private readonly revisions: Revisions,
    private readonly lists: SessionLists,
    private readonly details: SessionDetails,
  ) {}

  /** Undefined where there is no such session. */
  revision(room: Room): Promise<string | undefined> {
    const session = sessionOfRoom(room);
    return session === undefined ? this.revisions.fleet() : this.revisions.session(session);
  }

  /** Undefined where there is no such session. The fleet's is the first page of the list, by last activity. */
  async take(room: Room): Promise<Snapshot | undefined> {
    const id = sessionOfRoom(room);
    if (id !== undefined) {
      const session = await this.details.find(id);
      return session && { revision: session.revision, snapshot: session };
    }
    const { fleet, ...list } = await this.lists.page(sessionListQuerySchema.parse({}));
    return { revision: fleet, snapshot: { ...list, revision: fleet } };
  }
}
