export { statedBy, type Stated, type Statement, type Whereabouts } from './statement';
export { isCurrent, numberIn, placeOf, type LogPlace, type Traced, type TracedFigure } from './traced';
export { traceFigure, type SessionTrace } from './trace-figure';
export type { ClaimedItem } from './trace-items';
export type { OtherSession } from './other-sessions';
