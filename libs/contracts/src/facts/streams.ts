import { logStream } from '../log-stream';

/** The log: the source of truth. */
export const factsStreamName = 'FACTS';

export const factsStream = logStream(factsStreamName, 'telltale.facts.>');

/** Bytes of file content one fact carries at most; a longer line becomes consecutive facts, `part k/n`. */
export const maxFactBytes = 128 * 1024;
