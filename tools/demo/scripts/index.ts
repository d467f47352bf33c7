import type { Script, Story } from '../script';
import { benchmarks } from './benchmarks';
import { billing } from './billing';
import { checkout } from './checkout';
import { image } from './image';
import { limits } from './limits';
import { nightly } from './nightly';
import { zoneless } from './zoneless';

/** The sessions that are played, all at once. */
export const scripts: readonly Script[] = [zoneless, benchmarks, checkout, billing];

/** What went on earlier in the day. */
export const stories: readonly Story[] = [nightly, image, limits];
