import { newsFrames, mergedNews, type SessionNews } from './home-page-client';
import { goneSessionData, type SessionDataRow } from './rows/session-data';

const at = '2026-03-01T10:00:00.000Z';
const news = (changes: Partial<SessionNews> = {}): SessionNews => ({
  at,
  created: false,
  ended: false,
  deleted: false,
  ...changes,
});
const row = (id: string, ended = false): [string, SessionDataRow] => [
  id,
  { data: goneSessionData(id, at), ended },
];

const said = (all: [string, SessionNews][], rows: [string, SessionDataRow][]) =>
  newsFrames(new Map(all), new Map(rows), 7)
    .split('\n\n')
    .filter((text) => text !== '')
    .map((text) => {
      const [event = '', data = ''] = text.split('\n');
      const { type, sessions } = JSON.parse(data.replace('data: ', '')) as {
        type: string;
        sessions: { id: string }[];
      };
      expect(event).toBe(`event: ${type}`);
      return `${type} ${sessions.map(({ id }) => id).join(' ')}`;
    });

it('says what is new, what changed and what is over, in a frame each', () => {
  expect(
    said(
      [
        ['a', news({ created: true })],
        ['b', news()],
        ['c', news({ ended: true })],
        ['d', news()],
        ['gone', news({ deleted: true })],
      ],
      [row('a'), row('b'), row('c', true), row('d')],
    ),
  ).toEqual(['session-created a', 'session-updated b d', 'session-deleted c gone']);
});

it('says nothing of other tools’ sessions, which have no row here', () => {
  expect(said([['codex', news()]], [])).toEqual([]);
});

it('takes the row’s word for whether a session goes on', () => {
  expect(said([['a', news({ ended: true })]], [row('a', false)])).toEqual(['session-updated a']);
});

it('loses nothing of changes that are told together', () => {
  const merged = [news({ created: true }), news({ ended: true }), news()].reduce<SessionNews | undefined>(
    mergedNews,
    undefined,
  );
  expect(said([['a', merged ?? news()]], [row('a', true)])).toEqual([
    'session-created a',
    'session-deleted a',
  ]);
});
