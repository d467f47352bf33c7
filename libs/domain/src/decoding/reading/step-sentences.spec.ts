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

it('takes no longer for marks that go on and on', () => {
  const began = performance.now();
  for (let n = 0; n < 200; n++) textStep(`a${'*'.repeat(4000)}b`);
  expect(performance.now() - began).toBeLessThan(500);
});
