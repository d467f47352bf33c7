import { parseInstant } from './instant';

describe('parseInstant', () => {
  it.each<[unknown, number | undefined]>([
    ['2026-01-02T03:04:05.678Z', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-01-02T03:04:05+01:00', Date.UTC(2026, 0, 2, 2, 4, 5)],
    // Without a zone it must not depend on the machine's.
    ['2026-01-02T03:04:05.678', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    ['2026-01-02T03:04:05.678901Z', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
    [1_767_323_045_678, 1_767_323_045_678],
    ['2026-99-02T03:04:05.678Z', undefined],
    ['1969-01-02T03:04:05.678Z', undefined],
    ['yesterday', undefined],
    ['Jan 1 2026', undefined],
    [Number.MAX_VALUE, undefined],
    [-5, undefined],
    [null, undefined],
    [{}, undefined],
  ])('%j', (value, expected) => expect(parseInstant(value)).toBe(expected));
});
