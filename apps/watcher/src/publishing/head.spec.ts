import { factHeaders } from '@telltale/contracts';
import { headOf, positionAfter } from './head';

const attributes = {
  specversion: '1.0' as const,
  id: '0123456789',
  source: '/watchers/h',
  type: 'telltale.file.appended.v1',
  time: '2026-01-01T00:00:00.000Z',
  path: '/r/a.jsonl',
  root: '/r',
  generation: 'g',
  from: 10,
  to: 25,
  identity: '1:2:abcdef:9',
  tail: 'cafe',
};
function head(changes: Partial<Parameters<typeof factHeaders>[0]> = {}) {
  const headers = new Map(factHeaders({ ...attributes, ...changes }));
  return headOf('s', 7, (name) => headers.get(name));
}

test('no fact: from the beginning', () => {
  expect(positionAfter(undefined)).toMatchObject({ sequence: 0, offset: 0, generation: undefined });
});

test('behind whole lines, and behind the last part of a long one', () => {
  const expected = {
    sequence: 7,
    generation: 'g',
    offset: 25,
    part: undefined,
    unproven: true,
    tail: 'cafe',
  };
  expect(positionAfter(head())).toMatchObject(expected);
  expect(positionAfter(head({ part: '3/3' }))).toMatchObject(expected);
});

test('within a long line: its parts have the size of this one', () => {
  expect(positionAfter(head({ part: '2/3' }))).toMatchObject({ offset: 25, part: { k: 2, n: 3, size: 15 } });
});

test('a removed file begins anew behind that fact', () => {
  const removed = positionAfter(head({ type: 'telltale.file.removed.v1' }));
  expect(removed).toMatchObject({ sequence: 7, generation: undefined, offset: 0, removed: true });
});

test('what cannot be read or proven leads to a new generation, never to a guess', () => {
  const anew = { sequence: 7, generation: undefined, offset: 0, removed: false };
  expect(positionAfter(head({ type: 'telltale.file.appended.v2' }))).toMatchObject(anew);
  expect(positionAfter(head({ identity: undefined }))).toMatchObject(anew);
  expect(positionAfter(headOf('s', 7, () => undefined))).toMatchObject(anew);
});

test('a deleted session ends its file; one that tells of others too goes on behind the tombstone', () => {
  const type = 'telltale.session.deleted.v1';
  const anew = { sequence: 7, generation: undefined, offset: 0 };
  expect(positionAfter(head({ type, scope: 'file' }))).toMatchObject({ ...anew, deleted: true });
  const appended = positionAfter(head({}));
  expect(positionAfter(head({ type, scope: 'shared' }))).toEqual(appended);
  expect(appended).toMatchObject({ deleted: false, unproven: true });
  const placeless = { type, scope: 'shared', identity: '' } as const;
  expect(positionAfter(head(placeless))).toMatchObject({ ...anew, deleted: false });
});
