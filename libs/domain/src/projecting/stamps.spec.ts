import { later } from './stamps';

it('of equal stamps one wins, whether it was just said or comes back from the database', () => {
  const at = { at: 1000, offset: 0 };
  const said = { ...at, value: { waitingFor: 'z', at: 5 } };
  const other = { ...at, value: { waitingFor: 'y', at: 1 } };
  // jsonb gives an object's fields back in an order of its own.
  const stored = { ...at, value: { at: 5, waitingFor: 'z' } };
  const winner = later(said, other)?.value;
  expect(later(other, said)?.value).toEqual(winner);
  expect(later(stored, other)?.value).toEqual(winner);
  expect(later(other, stored)?.value).toEqual(winner);
});
