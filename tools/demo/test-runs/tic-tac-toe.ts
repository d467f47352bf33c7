import { game } from './game-board';
import type { TestScript, TestStep } from './test-script';

const opening: readonly TestStep[] = [
  { action: 'wait', ms: 1000 },
  { action: 'click', target: 'Play', ms: 2400, shows: game('.........') },
  { action: 'click', target: 'the middle cell', ms: 1900, shows: game('....X....') },
  { action: 'wait', ms: 1500, shows: game('O...X....') },
  { action: 'click', target: 'the upper right cell', ms: 1700, shows: game('O.X.X....') },
];

/** A game that works. */
export const wonGame: TestScript = {
  url: 'Demo: /demo/tic-tac-toe/',
  config: 'configs/tictactoe.json',
  shows: game(null),
  steps: [
    ...opening,
    { action: 'press', key: 'ArrowDown', ms: 400, shows: game('O.XOX....') },
    { action: 'agent', target: 'finish the game', ms: 5200, shows: game('O.XOX.X..') },
  ],
  playability: 0.92,
  says: 'The game ended with a win for X: three in a row from the upper right to the lower left.',
};

/** One that hangs. */
export const hungGame: TestScript = {
  url: 'Demo: /demo/tic-tac-toe/next/',
  config: 'configs/tictactoe.json',
  shows: game(null),
  steps: [
    ...opening,
    {
      action: 'click',
      target: 'the lower left cell',
      ms: 15_000,
      fails: 'selector_not_found',
      shows: game('O.X.X....'),
    },
    { action: 'press', key: 'Enter', ms: 350, shows: game('O.X.X....') },
  ],
  playability: 0.35,
  says: 'The board does not answer to clicks any more after the second move.',
};
