import * as fc from 'fast-check';
import { headsRequestSubject, headsSubject, parseHeadsRequestSubject } from './watcher-heads';

it('a host is one token of its subjects, and read back from them', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (name) => {
      const host = name.toWellFormed();
      expect(parseHeadsRequestSubject(headsRequestSubject(host))).toBe(host);
      expect(headsRequestSubject(host).split('.')).toHaveLength(5);
      expect(headsSubject(host, 'reading1').split('.')).toHaveLength(4);
    }),
  );
});

it.each([
  'telltale.requests.ingest.heads.*',
  'telltale.requests.ingest.heads.>',
  'telltale.requests.ingest.heads.a.b',
  'telltale.requests.ingest.heads.%',
  'telltale.requests.ingest.heads.',
  'telltale.requests.ingest.status',
])('%s names no host', (subject) => expect(parseHeadsRequestSubject(subject)).toBeUndefined());
