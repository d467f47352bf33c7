import { codexDecoder } from '../decoding/codex';
import { viewOf } from '../projecting';
import { codexFileOf } from './codex-corpus';
import { codexSession } from './codex-session';
import { MemoryReadModel } from './memory-read-model';
import { decodeSource } from './source-file';

const id = '019ed7c2-0e29-7b52-b92a-ff8e6f9573a0';

it('a played Codex session shows what Codex brings', () => {
  const { observations, outcomes } = decodeSource(
    codexDecoder,
    codexFileOf(codexSession(id, Date.UTC(2026, 5, 17))),
  );
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  const model = new MemoryReadModel();
  model.apply(observations, 'codex');
  const [state] = model.sessions.values();
  if (state === undefined) throw new Error('no session');
  const { summary, detail } = viewOf(state, Date.UTC(2026, 5, 17, 1));
  expect(summary).toMatchObject({
    id,
    title: 'Limit the public API to 100 requests a minute per key.',
    project: { path: '/home/dev/shop', name: 'shop' },
    branch: 'rate-limit',
    phase: 'workspace-write · on-request',
    model: 'gpt-5.5',
    currentStep: 'The limit now stands in `config/settings.json`, with 100 as its default.',
    stats: {
      prompts: 3,
      messages: 8,
      toolCalls: 14,
      toolErrors: 1,
      errors: 1,
      objectives: { completed: 3, total: 3 },
      unpricedModels: [],
    },
  });
  expect(summary.stats.costUsd).toBeGreaterThan(0.1);
  expect(detail.rateLimits.map(({ name }) => name)).toEqual(['primary', 'secondary']);
  expect(detail.tools.map(({ name }) => name).sort()).toEqual([
    'apply_patch',
    'exec_command',
    'update_plan',
    'web_search',
  ]);
});
