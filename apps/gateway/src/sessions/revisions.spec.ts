import { isAfter } from './revisions';

it.each([
  ['g.2', 'g.1', true],
  ['g.10', 'g.9', true],
  ['g.1', 'g.1', false],
  ['g.1', 'g.2', false],
  ['g.9007199254740993', 'g.9007199254740992', true],
  ['h.1', 'g.5', true], // another generation: nothing of the old one holds any more
  ['gone', 'g.1', true],
])('%s after %s: %s', (a, b, expected) => {
  expect(isAfter(a, b)).toBe(expected);
});
