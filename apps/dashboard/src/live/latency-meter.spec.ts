import { LatencyMeter } from './latency-meter';

describe('LatencyMeter', () => {
  it('is the median of the last minute', () => {
    const meter = new LatencyMeter();
    meter.add(0, 500);
    for (const ms of [9, 30, 8, 10]) meter.add(100_000 - ms, 100_000);
    expect(meter.median(500)).not.toBeNull();
    expect(meter.median(100_001)).toBe(9);
    expect(meter.median(200_000)).toBeNull();
  });

  it('leaves out a backlog and clocks that disagree', () => {
    const meter = new LatencyMeter();
    meter.add(5000, 4000);
    meter.add(0, 3_600_000);
    expect(meter.median(3_600_000)).toBeNull();
  });
});
