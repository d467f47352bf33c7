/** What the watcher does to learn what changed, counted where it is done, for the whole process. */
export interface Work {
  /** Files and folders looked at by `stat`. */
  stats: number;
  /** Folders listed. */
  listings: number;
  /** Files opened for reading. */
  opens: number;
  /** Bytes read from files. */
  bytesRead: number;
  /** Rows read from stores. */
  rowsRead: number;
}

export const work: Work = { stats: 0, listings: 0, opens: 0, bytesRead: 0, rowsRead: 0 };
