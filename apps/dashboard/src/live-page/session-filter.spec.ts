import { sampleSummary } from '../testing/samples';
import { filterOf, filterQuery, holdOrder, matches, noFilter } from './session-filter';

describe('session filter', () => {
  it('matches all of what is asked', () => {
    const session = sampleSummary({ host: 'atlas', source: 'codex', status: 'waiting' });
    expect(matches(noFilter, session)).toBe(true);
    expect(matches({ host: 'atlas', source: 'codex', status: 'active' }, session)).toBe(true);
    expect(matches({ ...noFilter, status: 'running' }, session)).toBe(false);
    expect(matches({ ...noFilter, host: 'ci' }, session)).toBe(false);
    expect(matches({ ...noFilter, source: 'gemini' }, session)).toBe(false);
    expect(filterQuery({ host: 'atlas', source: null, status: 'active' })).toEqual({
      host: 'atlas',
      status: 'active',
    });
  });

  it('takes from the address what exists, and nothing else', () => {
    expect(filterOf({ source: 'codex', host: 'ci', status: 'active' })).toEqual({
      source: 'codex',
      host: 'ci',
      status: 'active',
    });
    expect(filterOf({ source: 'emacs', status: 'asleep', host: '' })).toBe(noFilter);
    expect(filterOf({})).toBe(noFilter);
  });

  it('holds the order that is shown, new ones on top', () => {
    const of = (...ids: string[]) => ids.map((id) => sampleSummary({ id }));
    const held = holdOrder(of('a', 'b', 'c'), of('c', 'new', 'b', 'a'));
    expect(held.map((session) => session.id)).toEqual(['new', 'a', 'b', 'c']);
  });
});
