import { expectedRevisions } from './expected-revisions';

it.each<[string | undefined, string[] | undefined]>([
  [undefined, undefined],
  ['*', undefined],
  ['"3"', ['3']],
  ['"3", "4"', ['3', '4']],
  ['W/"3"', []],
  ['3', []],
  ['', []],
])('%s allows %j', (header, revisions) => expect(expectedRevisions(header)).toEqual(revisions));
