import { textStep } from './step-sentences';

it.each([
  ['Looking at the cart.\nThen the rest.', 'Looking at the cart.'],
  ['```ts\nconst a = 1;\n```', 'const a = 1;'],
  ['```\nconst a = 1;', 'const a = 1;'],
  ['## Summary\n\nAll done', 'Summary'],
  ['- **Done**: all', 'Done**: all'],
  ['> 你好', '你好'],
  ['---\n\n', ''],
  ['', ''],
])('of %j', (text, step) => expect(textStep(text)).toBe(step));

it('reads no further than it shows, however many marks there are', () => {
  expect(textStep(`a${'*'.repeat(4000)}b`)).toBe('a');
});
