import { allOf, containing, Statement } from './statement';

it('hands out placeholders in order', () => {
  const statement = new Statement();
  expect([statement.bind('a'), statement.bind(null)]).toEqual(['$1', '$2']);
  expect(statement.values).toEqual(['a', null]);
});

it("takes a pattern's own signs literally", () => {
  expect(containing('50%_\\')).toBe('%50\\%\\_\\\\%');
});

it('joins conditions so that an "or" in one does not reach the next', () => {
  expect(allOf(['a or b', 'c'])).toBe('(a or b) and (c)');
  expect(allOf([])).toBe('true');
});
