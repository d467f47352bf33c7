import { previewBytes } from '@telltale/domain';
import { mayBeCut } from './full-texts';

it.each([
  ['short', false],
  ['x'.repeat(previewBytes), true],
  ['x'.repeat(previewBytes - 3), true], // a character of four bytes did not fit any more
  ['x'.repeat(previewBytes - 4), false],
  ['ä'.repeat(previewBytes / 2), true],
])('%#: cut %s', (preview, cut) => {
  expect(mayBeCut(preview)).toBe(cut);
});
