import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const day = z.iso.date();

/** A time with its offset, or a day, which stands for its first instant. */
export const timeFilterSchema = z.union([instant, day], {
  error: 'Give a time with its offset, such as 2026-02-03T04:05:06Z, or a day, such as 2026-02-03.',
});

/** The same where days are UTC's: gives a time. */
export const utcTimeFilterSchema = timeFilterSchema.transform((text) =>
  isDay(text) ? `${text}T00:00:00Z` : text,
);

export function isDay(text: string): boolean {
  return day.safeParse(text).success;
}
