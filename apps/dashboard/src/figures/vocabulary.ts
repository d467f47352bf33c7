import type { Source, Status } from '@telltale/contracts';
import { sourceWords } from './words';

/*
 * The names of contracts/vocabulary, written out: importing the values would pull every zod schema into the
 * first load. The types hold both lists to the contract: a name that is missing or too many does not compile.
 */
const statusNames: Record<Status, true> = {
  running: true,
  waiting: true,
  idle: true,
  completed: true,
  failed: true,
};

export const sources = Object.keys(sourceWords) as Source[];
export const statuses = Object.keys(statusNames) as Status[];
