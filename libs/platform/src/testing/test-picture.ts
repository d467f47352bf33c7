import { encodePng } from '../pictures/encode-png';

/** A picture of noise, another one for each seed: three bytes a pixel, which no compression makes smaller. */
export function testPicture(seed: number, { width = 32, height = 20 } = {}): Buffer {
  return encodePng(width, height, (x, y) => {
    const mixed = Math.imul(x * 7919 + y * 104729 + seed * 1299709, 2654435761) >>> 0;
    return [mixed & 255, (mixed >>> 8) & 255, (mixed >>> 16) & 255];
  });
}
