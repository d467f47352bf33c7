import { encodePng, type Colour } from '@telltale/platform';
import { pageSize } from './paint';
import type { Picture } from './test-script';

/** Nine fields, row by row. */
type Board = string;

const { width, height } = pageSize;
const cell = 116;
const left = (width - 3 * cell) / 2;
const top = 84;

const colours = {
  page: [24, 28, 38],
  bar: [38, 44, 60],
  line: [86, 98, 126],
  x: [94, 196, 255],
  o: [255, 170, 92],
  play: [84, 176, 120],
} as const satisfies Record<string, Colour>;

/** What the game under test looks like: the board, or its start button. */
export function game(board: Board | null): Picture {
  return () =>
    encodePng(width, height, (x, y) => {
      if (y < 48) return colours.bar;
      return board === null ? startPage(x, y) : boardPage(board, x, y);
    });
}

function startPage(x: number, y: number): Colour {
  const isButton = Math.abs(x - width / 2) < 110 && Math.abs(y - height / 2) < 36;
  return isButton ? colours.play : colours.page;
}

function boardPage(board: Board, x: number, y: number): Colour {
  const [column, row] = [Math.floor((x - left) / cell), Math.floor((y - top) / cell)];
  if (column < 0 || column > 2 || row < 0 || row > 2) return colours.page;
  const [dx, dy] = [x - left - column * cell - cell / 2, y - top - row * cell - cell / 2];
  if (Math.max(Math.abs(dx), Math.abs(dy)) > cell / 2 - 3) return colours.line;
  const mark = board[row * 3 + column];
  if (mark === 'X' && isCross(dx, dy)) return colours.x;
  return mark === 'O' && isRing(dx, dy) ? colours.o : colours.page;
}

function isCross(dx: number, dy: number): boolean {
  return Math.abs(Math.abs(dx) - Math.abs(dy)) < 8 && Math.abs(dx) < 36;
}

function isRing(dx: number, dy: number): boolean {
  return Math.abs(Math.hypot(dx, dy) - 34) < 6;
}
