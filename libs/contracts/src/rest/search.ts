import { z } from 'zod';
import { sessionListQuerySchema } from './session-list';

/** What is looked for, in the sessions that the list's filters let through. */
export const searchQuerySchema = sessionListQuerySchema.omit({ q: true, sort: true }).extend({
  /** Words that must all be there; `"a phrase"`, `-without`, `or`. */
  q: z.string().max(500),
});
export type SearchQueryParameters = z.infer<typeof searchQuerySchema>;

/** Matches are counted up to this many. */
export const searchTotalLimit = 1_000;

export const searchItemSchema = z.object({
  sessionId: z.string(),
  /** Null where the session's title was found. */
  messageId: z.string().nullable(),
  /** Of a title: the session's start. */
  at: z.string().nullable(),
  author: z.enum(['user', 'assistant', 'tool', 'system']),
  /** Plain text around the first match, one line. */
  snippet: z.string(),
});
export type SearchItem = z.infer<typeof searchItemSchema>;

/** Newest first. Fewer than `limit`, even none, are the end only where `nextCursor` is null. */
export const searchResultSchema = z.object({
  items: z.array(searchItemSchema),
  total: z.number().int().nonnegative(),
  /** There are more than `total`: so many were counted. Left out where the total is exact. */
  totalIsAtLeast: z.literal(true).optional(),
  /** The time was up before the page was full: nothing older was looked at yet. `nextCursor` goes on there. */
  searchedBackTo: z.string().optional(),
  nextCursor: z.string().nullable(),
});
export type SearchResult = z.infer<typeof searchResultSchema>;
