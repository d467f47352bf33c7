import { encodePng, type Colour } from '@telltale/platform';
import type { Picture } from './test-script';

export interface Box {
  readonly at: readonly [x: number, y: number];
  readonly size: readonly [width: number, height: number];
  readonly colour: Colour;
  /** Radius of its corners. */
  readonly round?: number;
}

/** Size of every picture in pixels. */
export const pageSize = { width: 800, height: 450 } as const;

/** Boxes on a ground, the later ones on top. */
export function painted(ground: Colour, boxes: readonly Box[]): Picture {
  const all = boxes.toReversed();
  return () => {
    // Pixels come row by row: of each row only the boxes in it are looked at.
    let [row, inRow]: [number, Box[]] = [-1, []];
    return encodePng(pageSize.width, pageSize.height, (x, y) => {
      if (y !== row)
        [row, inRow] = [y, all.filter(({ at: [, top], size: [, height] }) => y >= top && y < top + height)];
      return inRow.find((box) => holds(box, x, y))?.colour ?? ground;
    });
  };
}

function holds({ at: [left, top], size: [width, height], round = 0 }: Box, x: number, y: number): boolean {
  const [dx, dy] = [x - left, y - top];
  if (dx < 0 || dy < 0 || dx >= width || dy >= height) return false;
  const [cx, cy] = [beyond(dx, width, round), beyond(dy, height, round)];
  return cx * cx + cy * cy <= round * round;
}

/** How far into a rounded end of a side it is. */
function beyond(d: number, length: number, round: number): number {
  return Math.max(round - d - 0.5, 0, d + 0.5 - (length - round));
}
