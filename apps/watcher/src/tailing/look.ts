import { statSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { work } from '../status/work';
import { isAbsent } from './error-code';

/**
 * What `stat` says of a path; undefined where nothing is. On a local disk it is asked at once, which takes 3 µs of a
 * processor instead of 30 over the thread pool; a network disk may keep a call waiting and gets the pool.
 *
 * @throws any other error of the file system
 */
export async function look(path: string, local: boolean): Promise<Stats | undefined> {
  work.stats += 1;
  try {
    return local ? statSync(path, { throwIfNoEntry: false }) : await stat(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
