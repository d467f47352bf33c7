import { z } from 'zod';

const about = { sessionId: z.string(), timestamp: z.iso.datetime() };

/** A frame of `GET /api/sessions/watch`. `sessionId` is the folder's name. */
export const testRunFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('connected') }),
  z.strictObject({ type: z.literal('session_created'), ...about }),
  z.strictObject({ type: z.literal('session_updated'), ...about }),
  z.strictObject({ type: z.literal('screenshot_added'), filename: z.string(), ...about }),
  z.strictObject({ type: z.literal('error'), message: z.string() }),
]);
export type TestRunFrame = z.infer<typeof testRunFrameSchema>;
