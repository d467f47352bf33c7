import { matches } from './matches';
import type { PictureFormat, PictureSize } from './picture-bytes';

const riff = Buffer.from('RIFF');
const webpName = Buffer.from('WEBP');
const unknown: PictureSize = { width: null, height: null };

/** A RIFF container that states its own length. */
export const webp: PictureFormat = {
  mediaType: 'image/webp',
  begins: (bytes) => matches(bytes, 0, riff) && matches(bytes, 8, webpName),
  sizeOfWhole(bytes) {
    if (bytes.length < 16 || bytes.length < 8 + bytes.readUInt32LE(4)) return undefined;
    return bytes.length < 30 ? unknown : sizeIn(bytes);
  },
};

/** Each of the three codings states its size in another way, minus one in two of them. */
function sizeIn(bytes: Buffer): PictureSize {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    default:
      return unknown;
  }
}
