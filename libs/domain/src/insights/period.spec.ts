import fc from 'fast-check';
import { periodOf, startOfDay } from './period';

const at = (text: string) => Date.parse(text);
const told = (scope: 'day' | 'month', when: string, tz: string) => {
  const { key, from, to } = periodOf(scope, at(when), tz);
  return [key, new Date(from).toISOString(), new Date(to).toISOString()];
};

it.each<['day' | 'month', string, string, string[]]>([
  [
    'day',
    '2026-03-01T12:00:00Z',
    'UTC',
    ['2026-03-01', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
  ],
  [
    'day',
    '2026-03-01T00:00:00Z',
    'UTC',
    ['2026-03-01', '2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
  ],
  [
    'day',
    '2026-02-28T23:59:59.999Z',
    'UTC',
    ['2026-02-28', '2026-02-28T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ],
  // 23 and 25 hours long
  [
    'day',
    '2026-03-29T12:00:00Z',
    'Europe/Berlin',
    ['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ],
  [
    'day',
    '2026-10-25T12:00:00Z',
    'Europe/Berlin',
    ['2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ],
  // begins at one in the morning: there is no midnight
  [
    'day',
    '2026-04-24T12:00:00Z',
    'Africa/Cairo',
    ['2026-04-24', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
  ],
  // has midnight twice
  [
    'day',
    '2026-11-01T12:00:00Z',
    'America/Havana',
    ['2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
  ],
  [
    'day',
    '2026-03-01T20:00:00Z',
    'Asia/Kathmandu',
    ['2026-03-02', '2026-03-01T18:15:00.000Z', '2026-03-02T18:15:00.000Z'],
  ],
  [
    'month',
    '2026-03-01T02:00:00Z',
    'America/New_York',
    ['2026-02', '2026-02-01T05:00:00.000Z', '2026-03-01T05:00:00.000Z'],
  ],
  [
    'month',
    '2024-02-29T12:00:00Z',
    'UTC',
    ['2024-02', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ],
  [
    'month',
    '2026-12-31T23:00:00Z',
    'Pacific/Kiritimati',
    ['2027-01', '2026-12-31T10:00:00.000Z', '2027-01-31T10:00:00.000Z'],
  ],
])('the %s of %s in %s', (scope, when, tz, expected) => {
  expect(told(scope, when, tz)).toEqual(expected);
});

it('covers time without a gap, each instant once', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/Havana',
    'Africa/Cairo',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );
  const scopes = fc.constantFrom('day' as const, 'month' as const);
  const instants = fc.integer({ min: at('2024-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') });
  fc.assert(
    fc.property(scopes, instants, zones, (scope, instant, tz) => {
      const period = periodOf(scope, instant, tz);
      expect(period.from).toBeLessThanOrEqual(instant);
      expect(period.to).toBeGreaterThan(instant);
      expect(periodOf(scope, period.from, tz)).toEqual(period);
      expect(periodOf(scope, period.to - 1, tz)).toEqual(period);
      expect(periodOf(scope, period.to, tz).from).toBe(period.to);
      expect(periodOf(scope, period.to, tz).key > period.key).toBe(true);
      expect(period.from % (15 * 60_000)).toBe(0);
      if (scope === 'day') expect(startOfDay(period.key, tz)).toBe(period.from);
    }),
    { numRuns: 150 },
  );
});

it.each([
  ['2026-03-01', 'UTC', '2026-03-01T00:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-08', 'America/Havana', '2026-03-08T05:00:00.000Z'], // its clocks go from midnight to one
  ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'], // a day that was left out
])('%s begins in %s at %s', (day, tz, expected) => {
  expect(new Date(startOfDay(day, tz)).toISOString()).toBe(expected);
});
