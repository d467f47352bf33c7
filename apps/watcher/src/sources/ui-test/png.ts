import { matches } from './matches';
import type { PictureFormat } from './picture-bytes';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Length, type and checksum around a chunk's content. */
const frameBytes = 12;

/** Chunks follow each other from the signature to the one named IEND. */
export const png: PictureFormat = {
  mediaType: 'image/png',
  begins: (bytes) => matches(bytes, 0, signature),
  sizeOfWhole(bytes) {
    let at = signature.length;
    for (;;) {
      if (at + frameBytes > bytes.length) return undefined;
      const type = bytes.toString('latin1', at + 4, at + 8);
      const end = at + frameBytes + bytes.readUInt32BE(at);
      if (end > bytes.length) return undefined;
      if (at === signature.length && type !== 'IHDR') return undefined;
      if (type === 'IEND') return sizeIn(bytes);
      at = end;
    }
  },
};

function sizeIn(bytes: Buffer) {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
