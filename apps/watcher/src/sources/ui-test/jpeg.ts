import { matches } from './matches';
import type { PictureFormat, PictureSize } from './picture-bytes';

const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);
const endOfImage = 0xd9;
const startOfScan = 0xda;

/** Segments, each with its length, from the start of the image to its end; compressed data follows a start of scan. */
export const jpeg: PictureFormat = {
  mediaType: 'image/jpeg',
  begins: (bytes) => matches(bytes, 0, startOfImage),
  sizeOfWhole(bytes) {
    let size: PictureSize = { width: null, height: null };
    let at = 2;
    for (;;) {
      at = nextMarker(bytes, at);
      const marker = bytes[at + 1];
      if (marker === undefined) return undefined;
      if (marker === endOfImage) return size;
      if (at + 4 > bytes.length) return undefined;
      if (isFrame(marker)) size = frameSize(bytes, at);
      at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
      if (marker === startOfScan) at = nextMarker(bytes, at);
    }
  },
};

/** From `from` on: 0xff and a byte that is neither stuffing (0), fill (0xff) nor a restart within compressed data. */
function nextMarker(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const code = bytes[at + 1] ?? 0;
    const isMarker = code !== 0 && code !== 0xff && (code < 0xd0 || code > 0xd7);
    if (isMarker) return at;
  }
  return bytes.length;
}

/** Start of a frame of any coding: 0xc0 to 0xcf but for three tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function frameSize(bytes: Buffer, at: number): PictureSize {
  if (at + 9 > bytes.length) return { width: null, height: null };
  return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
}
