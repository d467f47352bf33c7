import { sessionOfRoom, type Delta, type Room } from '@telltale/contracts';

/** Tells a room, or one slow member of it, to ask again. */
export function refetchDelta(room: Room, revision: { from: string | null; to: string }, now: number): Delta {
  return {
    room,
    sessionId: sessionOfRoom(room) ?? '',
    from: revision.from,
    to: revision.to,
    at: new Date(now).toISOString(),
    refetch: true,
  };
}
