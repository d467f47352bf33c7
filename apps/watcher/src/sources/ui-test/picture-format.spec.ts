import { testPicture } from '@telltale/platform/testing';
import * as fc from 'fast-check';
import { inspectPicture } from './picture-format';

const whole = (mediaType: string, width: number | null, height: number | null) => ({
  kind: 'whole',
  mediaType,
  width,
  height,
});

/** A baseline JPEG's segments: APP0, SOF0 with 48 × 40 pixels, a scan with stuffing and a restart marker in it. */
const jpeg = Buffer.from([
  ...[0xff, 0xd8],
  ...[0xff, 0xe0, 0, 6, 0x4a, 0x46, 0xff, 0xd9],
  ...[0xff, 0xc0, 0, 11, 8, 0, 40, 0, 48, 1, 1, 0x11, 0],
  ...[0xff, 0xda, 0, 4, 1, 0],
  ...[0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0xff, 0xd9],
]);

function riff(coding: string, fields: readonly number[]): Buffer {
  const content = Buffer.from([...Buffer.from(`WEBP${coding}`), ...[10, 0, 0, 0], ...fields]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from('RIFF'), length, content]);
}
const extended = riff('VP8X', [0, 0, 0, 0, ...[99, 0, 0], ...[49, 1, 0]]);
const lossless = riff('VP8L', [0x2f, ...[99 & 255, (99 >> 8) | ((49 & 3) << 6), 49 >> 2, 0], 0, 0, 0, 0, 0]);
const lossy = riff('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, ...[100, 0], ...[50, 0]]);

const pictures: [string, Buffer, ReturnType<typeof whole>][] = [
  ['PNG', testPicture(1, { width: 32, height: 20 }), whole('image/png', 32, 20)],
  ['JPEG', jpeg, whole('image/jpeg', 48, 40)],
  ['WebP, extended', extended, whole('image/webp', 100, 306)],
  ['WebP, lossless', lossless, whole('image/webp', 100, 50)],
  ['WebP, lossy', lossy, whole('image/webp', 100, 50)],
];

describe.each(pictures)('%s', (_, bytes, expected) => {
  it('is told by its content, with its size', () => expect(inspectPicture(bytes)).toEqual(expected));

  it('is half written until its last byte is there', () => {
    for (let length = 0; length < bytes.length; length++)
      expect([length, inspectPicture(bytes.subarray(0, length))]).toEqual([length, { kind: 'half' }]);
  });

  it('is whole with something behind its end', () =>
    expect(inspectPicture(Buffer.concat([bytes, Buffer.from('\0\0more')]))).toEqual(expected));

  it('never throws and never loops, whatever becomes of its bytes', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.uint8Array({ maxLength: 12 }), (at, put) => {
        const changed = Buffer.from(bytes);
        changed.set(put.subarray(0, changed.length - at), at);
        expect(['whole', 'half', 'other']).toContain(inspectPicture(changed).kind);
      }),
      { numRuns: 300 },
    );
  });
});

it('any bytes at all are something', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(['half', 'other', 'whole']).toContain(inspectPicture(Buffer.from(bytes)).kind);
    }),
    { numRuns: 500 },
  );
});

it.each([
  ['text', 'not a picture'],
  ['a web page', '<html><script>alert(1)</script></html>'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['GIF', 'GIF89a\x01\x00\x01\x00'],
  ['sound in a RIFF', 'RIFF\x10\0\0\0WAVEfmt '],
])('%s is no picture', (_, text) =>
  expect(inspectPicture(Buffer.from(text, 'latin1'))).toEqual({ kind: 'other' }),
);

it('a size that no picture has is not known', () => {
  const bytes = testPicture(1);
  bytes.writeUInt32BE(0xffffffff, 16);
  bytes.writeUInt32BE(0, 20);
  expect(inspectPicture(bytes)).toEqual(whole('image/png', null, null));
});
