import { KnownTestRuns, type Touched } from './known-test-runs';

const at = '2026-03-01T10:00:00.000Z';
const run = (revision: number, ...pictures: string[]) => ({
  id: 'session_1@atlas',
  folder: 'session_1',
  revision: `g.${revision}`,
  pictures,
});
const touched = (changes: Partial<Touched> = {}): Touched => ({
  at,
  created: false,
  deleted: false,
  pictures: [],
  ...changes,
});
const words = (known: KnownTestRuns, ...args: Parameters<KnownTestRuns['news']>) =>
  known.news(...args).map((frame) => ('filename' in frame ? frame.filename : frame.type));

it('says what is new to the clients, once', () => {
  const known = new KnownTestRuns(10);
  known.begin([run(1, 'a.png')]);
  expect(words(known, run(2, 'a.png', 'b.png'), touched({ pictures: ['a.png', 'b.png'] }))).toEqual([
    'session_updated',
    'b.png',
  ]);
  expect(words(known, run(2, 'a.png', 'b.png'), touched({ pictures: ['b.png'] }))).toEqual([]);
});

it('knows a new run, with all its pictures', () => {
  const known = new KnownTestRuns(10);
  expect(words(known, run(1, 'a.png'), touched({ created: true }))).toEqual(['session_created', 'a.png']);
});

it('of a run it forgot takes what the delta names for added', () => {
  const known = new KnownTestRuns(10);
  expect(words(known, run(9, 'a.png', 'b.png'), touched({ pictures: ['b.png'] }))).toEqual([
    'session_updated',
    'b.png',
  ]);
});

it('remembers a bounded number, the latest', () => {
  const known = new KnownTestRuns(2);
  known.begin(['a', 'b', 'c'].map((id) => ({ ...run(1), id })));
  expect(known.ids).toEqual(['b', 'c']);
  known.news({ ...run(2), id: 'b' }, touched());
  known.news({ ...run(2), id: 'd' }, touched());
  expect(known.ids).toEqual(['b', 'd']);
});
