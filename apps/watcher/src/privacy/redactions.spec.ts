import { watcherHeartbeatSchema } from '@telltale/contracts';
import { Registry } from 'prom-client';
import { Privacy } from './privacy';

test('what was masked is told by rule, as a counter and in the heartbeat', async () => {
  const privacy = new Privacy({ content: 'preview', redact: true });
  const registry = new Registry();
  privacy.redactions.register(registry);
  privacy.redactions.add(new Map([['github', 2]]));
  privacy.redactions.add(
    new Map([
      ['aws', 1],
      ['github', 1],
    ]),
  );
  const snapshot = privacy.snapshot();
  expect(snapshot).toMatchObject({
    content: 'preview',
    redacted: { total: 4, byRule: { aws: 1, github: 3 } },
  });
  const { content, redaction, redacted } = watcherHeartbeatSchema.shape;
  expect(content.parse(snapshot.content)).toBe('preview');
  expect(redaction.parse(snapshot.redaction)).toMatch(/secretlint/);
  expect(redacted.parse(snapshot.redacted)).toEqual(snapshot.redacted);
  for (let read = 0; read < 2; read++) {
    const text = await registry.metrics();
    expect(text).toContain('telltale_watcher_redacted_total{rule="github"} 3');
    expect(text).toContain('telltale_watcher_redacted_total{rule="aws"} 1');
  }
});

test('without redaction the heartbeat says so, and no picture leaves a host that keeps its content', () => {
  expect(new Privacy({ content: 'full', redact: false }).snapshot()).toMatchObject({ redaction: 'off' });
  const sends = (['full', 'preview', 'none'] as const).map(
    (content) => new Privacy({ content, redact: true }).sendsPictures,
  );
  expect(sends).toEqual([true, false, false]);
});
