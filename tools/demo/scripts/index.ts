import type { Script, Story } from '../script';
import { benchmarks } from './benchmarks';
import { billing } from './billing';
import { checkout } from './checkout';
import { glossary } from './glossary';
import { image } from './image';
import { invoices } from './invoices';
import { limits } from './limits';
import { mailer } from './mailer';
import { migration } from './migration';
import { nightly } from './nightly';
import { searchLimits } from './search-limits';
import { weather } from './weather';
import { zoneless } from './zoneless';

/** Whose process the live registry tells of: one process has one session open. */
export const attended: Script = billing;

/** The sessions that are played, all at once. */
export const scripts: readonly Script[] = [
  attended,
  searchLimits,
  invoices,
  weather,
  zoneless,
  checkout,
  benchmarks,
];

/** What went on earlier in the day. */
export const stories: readonly Story[] = [nightly, glossary, image, mailer, limits, migration];
