import * as fc from 'fast-check';
import { contextOf, corpus } from '../../testing';
import type { Observation } from '../../observation';
import { claudeCodeDecoder } from './decoder';
import { agentPath, assistant, mainPath, observe, outcomeOf, told, user } from '../../testing/given-records';

const paths = fc.constantFrom(
  mainPath,
  agentPath,
  'projects/-x/agent-a1.jsonl',
  'projects/-x/sessions-index.json',
  'projects/-x/s/custom-title.json',
  'projects/-x/s/subagents/agent-a.meta.json',
  'projects/-x/s/subagents/journal.jsonl',
);

/** Decodes a line and checks what must hold for every line there is. */
function check(line: string, path: string): void {
  const file = contextOf(path);
  const state = claudeCodeDecoder.initialState(file);
  const before = JSON.stringify(state);
  const sink: Observation[] = [];
  const outcome = claudeCodeDecoder.decodeLine(state, line, file, { sequence: 1, line: 0, offset: 0 }, sink);
  if (!outcome.ok) {
    expect(outcome.reason).not.toContain('decoder fault');
    expect([JSON.stringify(state), sink.length]).toEqual([before, 0]);
  }
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expectStorable(sink);
  for (const key of ['p:u1', 'm:msg_1', 't:toolu_1', 'e:u1']) claudeCodeDecoder.fullText(line, key);
}

function expectStorable(value: unknown): void {
  if (typeof value === 'string') expectStorableText(value);
  if (typeof value === 'number' && !(Number.isFinite(value) && value >= 0))
    throw new Error(`${value} is no figure`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    expectStorable(key);
    expectStorable(inner);
  }
}

function expectStorableText(text: string): void {
  if (!text.isWellFormed() || text.includes('\0'))
    throw new Error(`Postgres refuses ${JSON.stringify(text)}`);
  if (Buffer.byteLength(text) > 4096) throw new Error(`${text.length} characters are kept of a text`);
}

const anyJson = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' });
const anyValue = fc.oneof(
  anyJson,
  fc.constantFrom(null, '', '\ud800', '\0', 1e308, -1, 0.5, '__proto__', [], {}, [[]], {
    type: 'text',
    text: 5,
  }),
);

describe('hostile input', () => {
  it('any text at all', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      anyJson.map((value) => JSON.stringify(value)),
    );
    fc.assert(fc.property(text, paths, check), { numRuns: 500 });
  });

  it('any bytes, read as UTF-8', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array).toString('utf8'));
    fc.assert(fc.property(bytes, paths, check), { numRuns: 300 });
  });

  it('records whose fields are of any type', () => {
    const fields = [
      'type',
      'uuid',
      'timestamp',
      'sessionId',
      'cwd',
      'message',
      'toolUseResult',
      'data',
      'origin',
      'forkedFrom',
      'gitBranch',
      'version',
      'isSidechain',
      'agentId',
      'requestId',
      'error',
      'permissionMode',
      'entries',
      'customTitle',
      'summary',
      'totalCostUSD',
      'subtype',
      'prUrl',
      'isApiErrorMessage',
    ];
    const types = fc.constantFrom(
      'assistant',
      'user',
      'system',
      'progress',
      'ai-title',
      'cost-state',
      'pr-link',
      'mode',
      'summary',
      'attachment',
    );
    const record = fc
      .tuple(types, fc.dictionary(fc.constantFrom(...fields), anyValue))
      .map(([type, rest]) => JSON.stringify({ type, ...rest }));
    fc.assert(fc.property(record, paths, check), { numRuns: 700 });
  });

  it('messages and blocks whose fields are of any type', () => {
    const block = fc.dictionary(
      fc.constantFrom('type', 'id', 'tool_use_id', 'name', 'input', 'content', 'text', 'is_error'),
      fc.oneof(
        anyValue,
        fc.constantFrom(
          'text',
          'tool_use',
          'tool_result',
          'Task',
          'TodoWrite',
          'TaskCreate',
          'TaskUpdate',
          'Bash',
          'Edit',
          'AskUserQuestion',
        ),
      ),
    );
    const usage = fc.dictionary(
      fc.constantFrom(
        'input_tokens',
        'output_tokens',
        'cache_creation',
        'speed',
        'server_tool_use',
        'cache_read_input_tokens',
      ),
      anyValue,
    );
    const message = fc.record(
      {
        id: anyValue,
        model: anyValue,
        content: fc.oneof(anyValue, fc.array(fc.oneof(block, anyValue))),
        usage: fc.oneof(usage, anyValue),
        stop_reason: anyValue,
      },
      { requiredKeys: [] },
    );
    const carried = fc.record({
      type: fc.constantFrom('assistant', 'user'),
      message,
      toolUseResult: anyValue,
      timestamp: anyValue,
    });
    const record = fc.oneof(
      carried,
      carried.map((inner) => ({
        type: 'progress',
        data: { type: 'agent_progress', agentId: 'a', message: inner },
      })),
    );
    fc.assert(
      fc.property(
        record.map((one) => JSON.stringify(one)),
        paths,
        check,
      ),
      { numRuns: 700 },
    );
  });

  it('real lines with a piece cut out, doubled or replaced', () => {
    const mutated = corpus.chain((files) => {
      const lines = files.flatMap((file) => file.lines);
      return fc.tuple(
        fc.constantFrom(...lines),
        fc.nat(2000),
        fc.nat(40),
        fc.string({ unit: 'binary', maxLength: 5 }),
      );
    });
    fc.assert(
      fc.property(mutated, paths, ([line, at, length, put], path) =>
        check(line.slice(0, at) + put + line.slice(at + length), path),
      ),
      { numRuns: 300 },
    );
  });

  it('nesting deeper than any stack', () => {
    for (const depth of [10_000, 30_000]) {
      const deep = '{"a":['.repeat(depth) + ']}'.repeat(depth);
      const line = JSON.stringify(
        assistant([{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: 'DEEP' }]),
      ).replace('"DEEP"', deep);
      check(line, mainPath);
      check(`{"type":"user","message":${deep},"toolUseResult":${deep}}`, mainPath);
      check(deep, mainPath);
    }
  });

  it('an objective whose words end in marks without end', () => {
    const began = performance.now();
    observe([assistant([{ type: 'text', text: `✅ Completed: a${'*'.repeat(200_000)}b` }])]);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('a line of many megabytes leaves a preview behind', () => {
    const [prompt] = told('prompt', observe([user('x'.repeat(20_000_000))]));
    expect([prompt?.preview.length, prompt?.truncated]).toEqual([2048, true]);
  });
});

describe('what a line may be', () => {
  it.each(['', '   ', '\r', '\ufeff', '\ufeff  '])('nothing: %j', (line) =>
    expect(outcomeOf(line)).toEqual({ ok: true }),
  );
  it('a record behind a byte order mark', () =>
    expect(told('prompt', observe([`\ufeff${JSON.stringify(user('hi'))}\r`]))).toHaveLength(1));

  it.each([
    ['{"type":', /^not JSON: /],
    ['\0\0\0', /^not JSON: /],
    ['[1]', /not a JSON object but an array/],
    ['null', /not a JSON object but null/],
    ['7', /not a JSON object but a number/],
    [JSON.stringify(assistant([], {}, { usage: { input_tokens: -5 } })), /usage.input_tokens is -5/],
    [
      JSON.stringify(assistant([], {}, { usage: { cache_creation: { ephemeral_1h_input_tokens: 0.5 } } })),
      /ephemeral_1h_input_tokens is 0.5/,
    ],
    [
      JSON.stringify(assistant([], {}, { usage: { output_tokens: 1 } })).replace(
        '"output_tokens":1',
        '"output_tokens":1e999',
      ),
      /output_tokens is Infinity/,
    ],
  ])('a failure with its reason: %s', (line, reason) => {
    const outcome = outcomeOf(line);
    expect(outcome.ok ? '' : outcome.reason).toMatch(reason);
  });

  it('a figure of another type, which counts as absent', () => {
    const [row] = told(
      'usage',
      observe([
        assistant([], {}, { usage: { input_tokens: '5', output_tokens: null, cache_read_input_tokens: 2 } }),
      ]),
    );
    expect(row?.row.tokens.total).toBe(2);
  });
});
