import { describedExamples } from './described';

it('has one example for each shape, and each fits its shape', () => {
  expect(new Set(describedExamples.map(([schema]) => schema)).size).toBe(describedExamples.length);
  const wrong = describedExamples.flatMap(([schema, example]) => {
    const { error } = schema.safeParse(example);
    return error ? [{ example, error: error.message }] : [];
  });
  expect(wrong).toEqual([]);
});

it('holds nothing that looks like a secret', () => {
  const text = JSON.stringify(describedExamples.map(([, example]) => example));
  expect(text).not.toMatch(/tt_[0-9a-f]{16}_[A-Za-z0-9_-]{43}|eyJ[\w-]+\.[\w-]+\.[\w-]+/);
});
