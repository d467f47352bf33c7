import { Registry } from 'prom-client';
import { LatencyWindow } from './latency-window';
import { Measures } from './measures';
import { Rate } from './rate';
import { work } from './work';

test('percentiles of the last latencies only', () => {
  const window = new LatencyWindow(100);
  expect(window.percentiles()).toEqual({ p50: null, p99: null });
  for (let i = 0; i < 100; i++) window.add(1000);
  for (let i = 1; i <= 100; i++) window.add(i);
  expect(window.percentiles()).toEqual({ p50: 51, p99: 100 });
});

test('a rate forgets what is older than ten seconds', () => {
  const rate = new Rate();
  rate.add(50, 100_000);
  rate.add(50, 103_000);
  expect(rate.perSecond(104_000)).toBe(10);
  expect(rate.perSecond(111_000)).toBe(5);
  expect(rate.perSecond(500_000)).toBe(0);
});

test('counts facts and bytes, and latencies where there are any', async () => {
  const registry = new Registry();
  const measures = new Measures(registry, { files: () => 3, bytesBehind: () => 7 });
  measures.stored(100, 2);
  measures.stored(50, undefined);
  measures.conflict();
  const text = await registry.metrics();
  for (const sample of [
    'facts_total 2',
    'bytes_total 150',
    'conflicts_total 1',
    'files 3',
    'behind_bytes 7',
    'to_fact_seconds_count 1',
  ]) {
    expect(text).toContain(sample);
  }
  expect(measures.latencyMs().appendToFact).toEqual({ p50: 2, p99: 2 });
});

test('exports what was done to find changes, as it grows', async () => {
  const registry = new Registry();
  new Measures(registry, { files: () => 0, bytesBehind: () => 0 });
  const readBytes = async () =>
    Number(/^telltale_watcher_read_bytes_total (\d+)$/m.exec(await registry.metrics())?.[1]);
  const before = await readBytes();
  work.bytesRead += 12;
  expect(await readBytes()).toBe(before + 12);
  for (const name of ['stats', 'listings', 'opens', 'read_rows'])
    expect(await registry.metrics()).toContain(`telltale_watcher_${name}_total`);
});
