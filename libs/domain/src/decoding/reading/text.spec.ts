import * as fc from 'fast-check';
import { firstLine, previewOf, storableId } from './text';

const bytes = (text: string): number => Buffer.byteLength(text);
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', 'é', '漢', '🚀', '\ud800', '\udc00', '\0'),
    fc.string({ maxLength: 3 }),
  ),
  maxLength: 60,
});

describe('previews', () => {
  it('are storable and within their bytes, whatever the text', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 4, max: 80 }), (text, limit) => {
        const { preview, truncated } = previewOf(text, limit);
        expect(bytes(preview)).toBeLessThanOrEqual(limit);
        expect(preview.isWellFormed()).toBe(true);
        expect(preview).not.toContain('\0');
        const whole = text.toWellFormed().replaceAll('\0', '\u2400');
        expect(truncated).toBe(preview !== whole);
        if (truncated) expect(bytes(preview)).toBeGreaterThan(limit - 4);
        // A pair that the cut may have split apart is the one place where a preview need not be a beginning.
        expect(whole.startsWith(preview)).toBe(true);
      }),
    );
  });

  it('end before the first character that does not fit, whatever follows it', () => {
    expect(previewOf('aé漢🚀z', 4).preview).toBe('aé');
    expect(previewOf('aé漢🚀z', 6).preview).toBe('aé漢');
    expect(previewOf('aé漢🚀z', 9).preview).toBe('aé漢');
    expect(previewOf('aé漢🚀z', 10).preview).toBe('aé漢🚀');
    expect(previewOf('é'.repeat(3000), 4096).preview).toBe('é'.repeat(2048));
  });

  it('reads no more of a huge text than it keeps', () => {
    const { preview, truncated } = previewOf('x'.repeat(50_000_000));
    expect([preview.length, truncated]).toEqual([2048, true]);
  });
});

describe('first lines', () => {
  it.each([
    ['\n\n  Fix it  \nplease', 'Fix it'],
    ['   \n', ''],
    ['abcdefghij', 'abcdefg…'],
    ['abcdef🚀j', 'abcdef…'],
  ])('of %j', (text, expected) => expect(firstLine(text, 8)).toBe(expected));
});

describe('ids', () => {
  it('stay as they are while they are of a sane length', () => expect(storableId('msg_01')).toBe('msg_01'));
  it('are told apart by a hash of all of them beyond it', () => {
    const [a, b] = [storableId(`${'x'.repeat(5000)}a`), storableId(`${'x'.repeat(5000)}b`)];
    expect(a).not.toBe(b);
    expect(a.length).toBeLessThan(250);
  });
});
