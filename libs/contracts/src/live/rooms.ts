import { z } from 'zod';

export const fleetRoom = 'fleet';
export const roomSchema = z.union([
  z.literal(fleetRoom),
  // PostgreSQL takes no NUL in a text: asked for together with others, such an id would have all of them fail.
  z.custom<`session:${string}`>(
    (v) => typeof v === 'string' && /^session:.{1,400}$/s.test(v) && !v.includes('\0'),
    { message: "a room is 'fleet' or 'session:<id>'" },
  ),
]);
export type Room = z.infer<typeof roomSchema>;

/** Who watches one session. */
export function sessionRoom(sessionId: string): Room {
  return `session:${sessionId}`;
}

/** Undefined for the fleet. */
export function sessionOfRoom(room: Room): string | undefined {
  return room === fleetRoom ? undefined : room.slice('session:'.length);
}
