import { axisTime, clockTimeOrDay, duration, exactTimeOrDay, localMidnight, shortAge } from './durations';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('durations', () => {
  it('says how long ago', () => {
    const ages = [-5000, 0, 4 * second, 59 * second, 2 * minute, 3 * hour, 49 * hour];
    expect(ages.map(shortAge)).toEqual(['now', 'now', '4 s', '59 s', '2 min', '3 h', '2 d']);
  });

  it('says how long it took', () => {
    const times = [-3, 20, 400, 48 * second, 200 * second, 72 * minute, 52 * hour];
    expect(times.map(duration)).toEqual([
      '0 ms',
      '20 ms',
      '0.4 s',
      '48 s',
      '3 m 20 s',
      '1 h 12 m',
      '2 d 4 h',
    ]);
  });

  it('gives the time today and the day otherwise', () => {
    const now = new Date(2026, 2, 4, 18, 0).getTime();
    expect(clockTimeOrDay(new Date(2026, 2, 4, 16, 39).toISOString(), now)).toBe('16:39');
    expect(clockTimeOrDay(new Date(2026, 2, 2, 16, 39).toISOString(), now)).toBe('2 Mar');
    expect(exactTimeOrDay(new Date(2026, 2, 4, 16, 39, 7).toISOString(), now)).toBe('16:39:07');
    expect(exactTimeOrDay(new Date(2026, 2, 2, 16, 39).toISOString(), now)).toBe('2 Mar');
    expect(axisTime(new Date(2026, 2, 4, 9, 5), hour)).toBe('09:05');
    expect(axisTime(new Date(2026, 2, 4, 9, 5), 72 * hour)).toBe('4 Mar');
    expect(new Date(localMidnight(now)).getHours()).toBe(0);
  });
});
