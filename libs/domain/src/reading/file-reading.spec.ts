import { pushIdPrefix } from '@telltale/contracts';
import * as fc from 'fast-check';
import type { SourceDecoder } from '../decoding/decoder';
import { unreadPosition, type FilePosition } from './file-position';
import { FileReader, joinedFact, type FileFact, type ReadLine } from './file-reader';
import { FileReading, type ReadRecord } from './file-reading';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Says of each line that something happened, and keeps count in its state. */
const counting: SourceDecoder = {
  version: 1,
  initialState: () => ({ n: 0 }),
  // eslint-disable-next-line @typescript-eslint/max-params -- the interface's own
  decodeLine(state, line, _file, place, sink) {
    state['n'] = Number(state['n']) + 1;
    sink.push({
      type: 'compaction',
      key: `${String(state['n'])}:${line}`,
      sessionId: 's',
      at: 1,
      place,
      agentId: null,
    });
    return { ok: true };
  },
  fullText: () => undefined,
  roleOf: () => 'main',
  fileRemoved: (_state, _file, { at, place }, sink) =>
    void sink.push({ type: 'compaction', key: 'gone', sessionId: 's', at, place, agentId: null }),
};

function fact(sequence: number, range: { from: number; body: Uint8Array }, more: object = {}): FileFact {
  const { from, body } = range;
  const attributes = {
    ...{ specversion: '1.0' as const, id: `fact-${sequence}`, source: '/watchers/atlas', time: 'now' },
    ...{ type: 'telltale.file.appended.v1', path: '/f', root: '/', generation: 'g1' },
    ...{ from, to: from + body.length, ...more },
  };
  return { sequence, time: 1000 + sequence, kind: 'file.appended', attributes, body };
}

const file = { source: 'claude-code', host: 'atlas' } as const;

function readAll(facts: readonly FileFact[], decoder = counting): ReadRecord[] {
  const reading = new FileReading(decoder, file);
  return facts.flatMap((one) => [...reading.read(one)]);
}

/** As ingest does: the position is stored after each fact, and a long line's parts are read back from the log. */
function readStored(facts: readonly FileFact[]): ReadLine[] {
  let stored = JSON.stringify(unreadPosition());
  return facts.flatMap((one) => {
    const position = JSON.parse(stored) as FilePosition;
    const reader = new FileReader(counting, file, position);
    const brought = reader.begin(one);
    const lines = brought.kind === 'lines' ? [...reader.lines(one, brought.skip)] : [];
    if (brought.kind === 'long-line') {
      const { firstSequence, count } = brought;
      const parts = facts.filter(({ sequence }) => sequence >= firstSequence).slice(0, count);
      const whole = joinedFact(
        one,
        parts.map(({ body }) => body),
        firstSequence,
      );
      lines.push(...reader.lines(whole));
    }
    stored = JSON.stringify(position);
    return lines;
  });
}

const keysOf = (records: readonly ReadRecord[]) =>
  records.flatMap(({ said }) => said.map((one) => ('key' in one ? one.key : '')));

describe('reading a file back from the log', () => {
  it('says the same however its lines were cut into facts and parts, and where each of them stands', () => {
    const line = fc
      .string({ unit: 'binary', maxLength: 30 })
      .map((text) => text.toWellFormed().replaceAll('\n', ' '));
    const cuts = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 12 })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), cuts, (lines, sizes) => {
        const whole = bytesOf(lines.map((text) => `${text}\n`).join(''));
        const facts = cut(lines, sizes);
        const records = readAll(facts);
        const stored = readStored(facts);
        expect(stored.map(({ said, place, text }) => ({ said, place, text }))).toEqual(
          records.map(({ said, place, text }) => ({ said, place, text })),
        );
        expect(keysOf(records)).toEqual(lines.map((text, n) => `${n + 1}:${text}`));
        for (const [n, { place, bytes, text }] of records.entries()) {
          const range = whole.subarray(place.offset, place.offset + (bytes ?? 0));
          expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(range)).toBe(lines[n]);
          expect(text).toBe(lines[n]);
        }
      }),
    );
  });

  it('does not read again what came of a generation, and begins anew with another', () => {
    const [a, b] = [bytesOf('a\nb\n'), bytesOf('b\nc\n')];
    const again = [
      fact(1, { from: 0, body: a }),
      fact(2, { from: 2, body: b }),
      fact(3, { from: 0, body: a }),
    ];
    expect(keysOf(readAll(again))).toEqual(['1:a', '2:b', '3:c']);
    const rewritten = fact(4, { from: 0, body: a }, { generation: 'g2' });
    expect(keysOf(readAll([...again, rewritten, rewritten]))).toEqual(['1:a', '2:b', '3:c', '1:a', '2:b']);
  });

  it('passes over a line of which a part is missing, and reads on behind it', () => {
    const part = (k: number, from: number, text: string, sequence: number) =>
      fact(sequence, { from, body: bytesOf(text) }, { part: { k, n: 3 } });
    const after = fact(9, { from: 6, body: bytesOf('z\n') });
    expect(keysOf(readAll([part(1, 0, 'aa', 1), part(2, 2, 'bb', 2), part(3, 4, 'c\n', 3), after]))).toEqual([
      '1:aabbc',
      '2:z',
    ]);
    expect(keysOf(readAll([part(1, 0, 'aa', 1), part(3, 4, 'c\n', 3), after]))).toEqual(['1:z']);
    expect(keysOf(readAll([part(2, 2, 'bb', 2), part(3, 4, 'c\n', 3), after]))).toEqual(['1:z']);
  });

  it('hears of a removal where the file was, also if nothing was read of it there', () => {
    const tellsPath: SourceDecoder = {
      ...counting,
      fileRemoved: (_state, { path }, { at, place }, sink) =>
        void sink.push({ type: 'compaction', key: path, sessionId: 's', at, place, agentId: null }),
    };
    const gone: FileFact = { ...fact(1, { from: 0, body: new Uint8Array() }), kind: 'file.removed' };
    expect(keysOf(readAll([gone], tellsPath))).toEqual(['/f']);
  });

  it('hears nothing of pushed sessions from other sources, by lines or by a removal', () => {
    const speaksOfPushed: SourceDecoder = {
      ...counting,
      decodeLine: (...[, , , place, sink]) => {
        sink.push({ type: 'activity', sessionId: `${pushIdPrefix}1`, at: 1, place, agentId: null });
        return { ok: true };
      },
      fileRemoved: (_state, _file, { at, place }, sink) =>
        void sink.push({ type: 'activity', sessionId: `${pushIdPrefix}1`, at, place, agentId: null }),
    };
    const gone: FileFact = { ...fact(2, { from: 2, body: new Uint8Array() }), kind: 'file.removed' };
    const records = readAll([fact(1, { from: 0, body: bytesOf('a\n') }), gone], speaksOfPushed);
    expect(records.flatMap(({ said }) => said)).toEqual([]);
  });

  it('hears once that the file was removed', () => {
    const gone: FileFact = { ...fact(2, { from: 2, body: new Uint8Array() }), kind: 'file.removed' };
    const records = readAll([fact(1, { from: 0, body: bytesOf('a\n') }), gone, { ...gone, sequence: 3 }]);
    expect(keysOf(records)).toEqual(['1:a', 'gone']);
  });
});

/** Facts of so many lines each; a fact of one line is cut into parts of so many bytes. */
function cut(lines: readonly string[], sizes: readonly (readonly [number, number])[]): FileFact[] {
  const facts: FileFact[] = [];
  let from = 0;
  for (let n = 0, step = 0; n < lines.length; step++) {
    const [count, size] = sizes[step % sizes.length] ?? [1, 1];
    const body = bytesOf(
      lines
        .slice(n, n + count)
        .map((text) => `${text}\n`)
        .join(''),
    );
    const parts = count === 1 ? Math.ceil(body.length / size) : 1;
    for (let k = 1; k <= parts; k++) {
      const part = parts === 1 ? body : body.subarray((k - 1) * size, k * size);
      facts.push(fact(facts.length + 1, { from, body: part }, parts === 1 ? {} : { part: { k, n: parts } }));
      from += part.length;
    }
    n += count;
  }
  return facts;
}
