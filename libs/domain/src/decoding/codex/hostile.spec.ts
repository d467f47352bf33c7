import * as fc from 'fast-check';
import { decodeSource, testDecoderLaws } from '../../testing';
import {
  codexEvent,
  codexFileWith,
  codexItem,
  codexSessionId,
  codexTold,
  codexTurnId,
  ofType,
} from '../../testing/given-codex';
import { codexDecoder } from './decoder';
import { events, items } from './events';

/** Every field that is read. */
// prettier-ignore
const fields = [
  'type', 'id', 'session_id', 'turn_id', 'call_id', 'name', 'namespace', 'function', 'arguments', 'input', 'action',
  'output', 'result', 'message', 'text', 'content', 'role', 'kind', 'images', 'info', 'rate_limits', 'cwd', 'git',
  'source', 'forked_from_id', 'parent_thread_id', 'agent_nickname', 'model', 'approval_policy', 'sandbox_policy',
  'collaboration_mode', 'service_tier', 'thread_settings', 'thread_name', 'goal', 'item', 'error', 'reason', 'duration',
  'exit_code', 'success', 'metadata', 'codex_error_info', 'base_instructions', 'cli_version',
];

const figure = fc.oneof(fc.nat(1e6), fc.constantFrom(-1, 0.5, 1e12, 1e14, '5', null));
const usage = fc.dictionary(
  fc.constantFrom('input_tokens', 'cached_input_tokens', 'output_tokens', 'reasoning_output_tokens'),
  figure,
);
const anyValue = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(null, '', '\ud800', '\0', 1e308, -1, '__proto__', 'toString', [[]], {
      text: 5,
      type: [],
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(codexSessionId, codexTurnId, 'update_plan', 'apply_patch', 'user', 'call_0'),
  },
  { weight: 1, arbitrary: fc.record({ total_token_usage: usage, last_token_usage: usage }) },
  {
    weight: 1,
    arbitrary: fc
      .record({ plan: fc.array(fc.record({ step: fc.string(), status: fc.string() })) })
      .map((plan) => JSON.stringify(plan)),
  },
  { weight: 1, arbitrary: fc.record({ primary: fc.record({ used_percent: figure, resets_at: figure }) }) },
);
const payload = fc.dictionary(fc.constantFrom(...fields), anyValue, { maxKeys: 7 });
const types = fc.constantFrom(
  'session_meta',
  'turn_context',
  'event_msg',
  'response_item',
  'compacted',
  'world_state',
  5,
);
const kinds = fc.constantFrom(
  ...Object.keys(events),
  ...Object.keys(items),
  'what a newer version writes',
  'constructor',
);
const times = fc.oneof(
  fc.nat(86_400_000).map((ms) => new Date(Date.UTC(2026, 5, 17) + ms).toISOString()),
  fc.constantFrom<unknown>(null, 'yesterday', -5, undefined),
);
const wrapped = fc
  .tuple(types, kinds, payload, times)
  .map(([type, kind, rest, timestamp]) =>
    JSON.stringify({ timestamp, type, payload: { type: kind, ...rest } }),
  );
const bare = fc.tuple(payload, times).map(([rest, timestamp]) => JSON.stringify({ timestamp, ...rest }));
const lines = fc.array(fc.oneof({ weight: 6, arbitrary: wrapped }, { weight: 1, arbitrary: bare }), {
  maxLength: 12,
});

const corpus = fc
  .array(lines, { minLength: 1, maxLength: 3 })
  .map((files) =>
    files.map((of, n) =>
      codexFileWith(of, n === 0 ? codexSessionId : `019ed7c2-0e29-7b52-b92a-00000000000${n}`),
    ),
  );

describe('records whose fields are of any type', () => {
  testDecoderLaws({ decoder: codexDecoder, corpus });
});

describe('hostile input', () => {
  it.each([10_000, 30_000])('nesting deeper than any stack: %i', (depth) => {
    const deep = '{"a":['.repeat(depth) + ']}'.repeat(depth);
    const lines = ['arguments', 'output', 'message', 'info', 'action', 'item', 'content', 'plan'].flatMap(
      (field) =>
        ['event_msg', 'response_item', 'session_meta'].map(
          (type) =>
            `{"type":"${type}","payload":{"type":"function_call","name":"update_plan","${field}":${deep}}}`,
        ),
    );
    const { outcomes, observations } = decodeSource(codexDecoder, codexFileWith(lines));
    expect(outcomes).toEqual(lines.map(() => ({ ok: true })));
    for (const one of observations)
      if ('key' in one) codexDecoder.fullText(lines[one.place.line] ?? '', one.key);
    expect(codexTold([codexItem('function_call', { name: 'f', arguments: deep })])).toHaveLength(3);
  });

  it('a line of many megabytes leaves a preview behind', () => {
    const huge = 'x'.repeat(20_000_000);
    const [prompt] = ofType('prompt', codexTold([codexEvent('user_message', { message: huge })]));
    expect([prompt?.preview.length, prompt?.truncated]).toEqual([2048, true]);
    const told = codexTold([
      codexItem('function_call_output', { call_id: 'call_ZoOjhDI1rQBVRUGOfz7WQRmH', output: huge }),
    ]);
    expect(ofType('tool-result', told)[0]?.preview).toHaveLength(2048);
  });

  it('a session of any length, with any number of names, leaves little state behind', () => {
    const many = Array.from({ length: 3000 }, (_, n) => [
      codexEvent('agent_message', { message: `message ${n}` }),
      codexItem('function_call', { name: `tool ${n}`, call_id: `${n}`, arguments: 'x'.repeat(5000) }),
      codexEvent('token_count', {
        info: { total_token_usage: { input_tokens: 10_000 - n, output_tokens: n } },
        rate_limits: { limit_id: `limit ${n}`, [`window ${n}`]: { used_percent: n } },
      }),
    ]).flat();
    const { state } = decodeSource(codexDecoder, codexFileWith(many));
    expect(JSON.stringify(state).length).toBeLessThan(20_000);
  });
});
