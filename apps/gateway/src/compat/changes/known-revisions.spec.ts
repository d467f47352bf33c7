import * as fc from 'fast-check';
import type { Delta } from '@telltale/contracts';
import { KnownRevisions, type SessionRevision } from './known-revisions';

const delta = (sessionId: string, n: number, deleted = false): Delta => ({
  ...{ room: `session:${sessionId}`, sessionId, from: null, to: `g.${n}`, at: '2026-03-01T12:00:00.000Z' },
  changes: deleted ? { deleted } : {},
});

/** Page by page; `between` happens before each. */
async function* pages(
  rows: readonly SessionRevision[],
  between: (row: number) => void = () => undefined,
): AsyncGenerator<readonly SessionRevision[]> {
  for (const [index, row] of rows.entries()) {
    between(index);
    yield await Promise.resolve([row]);
  }
}
const rowsOf = (sessions: ReadonlyMap<string, number>) =>
  [...sessions].map(([id, n]) => ({ id, revision: `g.${n}` }));

async function begun(rows: readonly SessionRevision[]): Promise<KnownRevisions> {
  const known = new KnownRevisions();
  await known.compare(pages(rows));
  return known;
}

it('gives those that moved unheard, and no others, each once', async () => {
  const step = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    lost: fc.boolean(),
    deleted: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const sessions = new Map([
        ['a', 1],
        ['b', 1],
      ]);
      const heard = new Map(sessions);
      const known = await begun(rowsOf(sessions));
      steps.forEach(({ id, lost, deleted }, n) => {
        for (const each of lost ? [sessions] : [sessions, heard])
          if (deleted) each.delete(id);
          else each.set(id, n + 2);
        if (!lost) known.hear(delta(id, n + 2, deleted));
      });
      const expected = [...new Set([...sessions.keys(), ...heard.keys()])]
        .filter((id) => sessions.get(id) !== heard.get(id))
        .map((id) => ({ id, created: !heard.has(id), deleted: !sessions.has(id) }));
      const unheard = await known.compare(pages(rowsOf(sessions)));
      expect(new Map(unheard.map((each) => [each.id, each]))).toEqual(
        new Map(expected.map((each) => [each.id, each])),
      );
      expect(await known.compare(pages(rowsOf(sessions)))).toEqual([]);
    }),
  );
});

it('counts what is heard while it reads as heard', async () => {
  const known = await begun([
    { id: 'a', revision: 'g.1' },
    { id: 'b', revision: 'g.1' },
  ]);
  const rows = [
    { id: 'a', revision: 'g.2' },
    { id: 'b', revision: 'g.1' },
    { id: 'c', revision: 'g.1' },
  ];
  const unheard = await known.compare(
    pages(rows, (row) => {
      if (row !== 1) return;
      for (const each of [delta('a', 3), delta('b', 2), delta('c', 1), delta('new', 1)]) known.hear(each);
    }),
  );
  expect(unheard).toEqual([]);
});

it('takes nothing from pages that break off', async () => {
  const known = await begun([{ id: 'a', revision: 'g.1' }]);
  const rows = [
    { id: 'a', revision: 'g.2' },
    { id: 'b', revision: 'g.1' },
  ];
  const broken = pages(rows, (row) => {
    if (row === 1) throw new Error('the database is away');
  });
  await expect(known.compare(broken)).rejects.toThrow('away');
  expect(await known.compare(pages(rows))).toEqual([
    { id: 'a', created: false, deleted: false },
    { id: 'b', created: true, deleted: false },
  ]);
});

it('takes another read model for changed all over', async () => {
  const known = await begun([{ id: 'a', revision: 'g.7' }]);
  expect(await known.compare(pages([{ id: 'a', revision: 'h.1' }]))).toEqual([
    { id: 'a', created: false, deleted: false },
  ]);
});
