import type { Script } from '../script';
import { benchmarks } from './benchmarks';
import { billing } from './billing';
import { checkout } from './checkout';
import { zoneless } from './zoneless';

/** The sessions that are played, all at once. */
export const scripts: readonly Script[] = [zoneless, benchmarks, checkout, billing];
