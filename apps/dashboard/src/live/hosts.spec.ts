import { samplePipeline, sampleWatcher } from '../testing/samples';
import { hostsOf } from './hosts';

const answeredAt = Date.parse('2026-03-01T10:00:20.000Z');
const seen = (second: number) => ({ lastSeenAt: new Date(answeredAt - second * 1000).toISOString() });

describe('hostsOf', () => {
  it('shows a host first that the gateway calls silent', () => {
    const hosts = hostsOf(
      samplePipeline([
        sampleWatcher({ host: 'atlas', ...seen(2) }),
        sampleWatcher({ host: 'boreas', ...seen(10.001), silent: true }),
        sampleWatcher({ host: 'ci', ...seen(10) }),
      ]),
      answeredAt,
    );
    expect(hosts.map(({ host, silent, silentFor }) => [host, silent, silentFor])).toEqual([
      ['boreas', true, 10_001],
      ['atlas', false, 2000],
      ['ci', false, 10_000],
    ]);
  });

  it('does not take a clock that goes ahead for silence', () => {
    const [host] = hostsOf(samplePipeline([sampleWatcher(seen(-5))]), answeredAt);
    expect(host).toMatchObject({ silent: false, silentFor: 0 });
  });

  it('says how far a first reading is', () => {
    const reading = (totalBytes: number, doneBytes: number, done: boolean) =>
      hostsOf(samplePipeline([sampleWatcher({ backfill: { totalBytes, doneBytes, done } })]), answeredAt)[0]
        ?.reading;
    expect([reading(100, 50, false), reading(0, 0, false), reading(100, 100, true)]).toEqual([0.5, 0, null]);
    expect(hostsOf(null, answeredAt)).toEqual([]);
  });
});
