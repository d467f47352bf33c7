import * as fc from 'fast-check';
import type { Observation } from '../../observation';
import { pushDecoder } from './decoder';
import { decode, inTime, message, messages, pushedFile } from './testing/given-lines';

/** Decodes a line and checks what must hold for every line there is. */
function check(line: string): void {
  const state = pushDecoder.initialState(pushedFile);
  const before = JSON.stringify(state);
  const sink: Observation[] = [];
  const place = { sequence: 1, line: 0, offset: 0 };
  const outcome = pushDecoder.decodeLine(state, line, pushedFile, place, sink);
  if (!outcome.ok) {
    expect(outcome.reason).not.toContain('decoder fault');
    expect([JSON.stringify(state), sink.length]).toEqual([before, 0]);
  }
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  expectStorable(sink);
  for (const key of ['p:push:chat-7/a', 'm:', 't:/', 'e:push:chat-7/a', '']) pushDecoder.fullText(line, key);
  for (const one of sink) if ('key' in one) pushDecoder.fullText(line, one.key);
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
  fc.constantFrom(
    null,
    '',
    '\ud800',
    '\0',
    1e308,
    -1,
    0.5,
    '__proto__',
    [],
    {},
    'user',
    'assistant',
    'tool',
    'failed',
  ),
);

describe('hostile input', () => {
  it('any text at all', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      anyJson.map((value) => JSON.stringify(value)),
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array).toString('utf8')),
    );
    fc.assert(fc.property(text, check), { numRuns: 500 });
  });

  it('lines whose fields are of any type', () => {
    const fields = [
      'id',
      'role',
      'text',
      'usage',
      'model',
      'tool',
      'status',
      'reason',
      'user',
      'title',
      'project',
    ];
    const line = fc
      .tuple(
        fc.constantFrom('session', 'message', 'end'),
        fc.constantFrom('2026-06-01T10:00:00.000Z', '9999-12-31T23:59:59.999Z', 'noon', 5),
        fc.dictionary(fc.constantFrom(...fields), anyValue),
      )
      .map(([kind, at, rest]) => JSON.stringify({ kind, at, id: 'a', text: 'x', role: 'user', ...rest }));
    fc.assert(fc.property(line, check), { numRuns: 1000 });
  });

  it('real lines with a piece cut out, doubled or replaced', () => {
    const mutated = messages.chain((all) =>
      fc.tuple(
        fc.constantFrom(...inTime(all).map((line) => JSON.stringify(line))),
        fc.nat(400),
        fc.nat(40),
        fc.string({ unit: 'binary', maxLength: 5 }),
      ),
    );
    fc.assert(
      fc.property(mutated, ([line, at, length, put]) =>
        check(line.slice(0, at) + put + line.slice(at + length)),
      ),
      { numRuns: 500 },
    );
  });

  it('texts that no database takes', () => {
    const odd = 'nul \0 and \ud800 alone';
    check(
      JSON.stringify({ kind: 'session', at: '2026-06-01T10:00:00Z', user: odd, title: odd, project: odd }),
    );
    const tool = { name: odd, id: odd, input: { [odd]: odd }, result: [odd] };
    check(JSON.stringify(message(odd, 1, { role: 'assistant', text: odd, model: odd, tool })));
  });

  it('nesting deeper than any stack', () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000);
    const line = JSON.stringify(
      message('a', 1, { role: 'tool', tool: { name: 't', input: 'DEEP', result: 'DEEP' } }),
    );
    check(line.replaceAll('"DEEP"', deep));
    check(deep);
  });

  it('a line of many megabytes leaves a preview behind, and little state', () => {
    const { observations, state } = decode([message('a', 1, { text: 'x'.repeat(20_000_000) })]);
    const [prompt] = observations.filter((one) => one.type === 'prompt');
    expect([prompt?.preview.length, prompt?.truncated]).toEqual([2048, true]);
    expect(JSON.stringify(state).length).toBeLessThan(1000);
  });
});
