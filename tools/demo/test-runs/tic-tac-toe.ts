import type { Board } from './game-board';

/** One step of a test's sequence. */
export interface TestStep {
  readonly action: 'wait' | 'click' | 'press' | 'screenshot' | 'agent';
  readonly target?: string;
  readonly key?: string;
  readonly ms: number;
  /** What is seen after it; no picture is taken where nothing is said. */
  readonly shows?: Board;
  readonly fails?: string;
}

export interface TestScript {
  readonly url: string;
  readonly config: string;
  readonly steps: readonly TestStep[];
  readonly playability: number;
  readonly says: string;
}

const opening: readonly TestStep[] = [
  { action: 'wait', ms: 1000 },
  { action: 'click', target: 'Play', ms: 2400, shows: '.........' },
  { action: 'click', target: 'the middle cell', ms: 1900, shows: '....X....' },
  { action: 'wait', ms: 1500, shows: 'O...X....' },
  { action: 'click', target: 'the upper right cell', ms: 1700, shows: 'O.X.X....' },
];

/** A game that works. */
export const wonGame: TestScript = {
  url: 'https://games.example.test/tic-tac-toe/',
  config: 'configs/tictactoe.json',
  steps: [
    ...opening,
    { action: 'press', key: 'ArrowDown', ms: 400, shows: 'O.XOX....' },
    { action: 'agent', target: 'finish the game', ms: 5200, shows: 'O.XOX.X..' },
  ],
  playability: 0.92,
  says: 'The game ended with a win for X: three in a row from the upper right to the lower left.',
};

/** One that hangs. */
export const hungGame: TestScript = {
  url: 'https://games.example.test/tic-tac-toe/next/',
  config: 'configs/tictactoe.json',
  steps: [
    ...opening,
    {
      action: 'click',
      target: 'the lower left cell',
      ms: 15_000,
      fails: 'selector_not_found',
      shows: 'O.X.X....',
    },
    { action: 'press', key: 'Enter', ms: 350, shows: 'O.X.X....' },
  ],
  playability: 0.35,
  says: 'The board does not answer to clicks any more after the second move.',
};
