import { getHeapStatistics } from 'node:v8';

const MiB = 1024 * 1024;

/** What the gateway may hold of what others ask for, in bytes. */
export interface MemoryPlan {
  /** Answers of any kind, from when they are asked for until they are sent. */
  readonly answers: number;
  /** Beside them what large ones take: long texts, sessions that are read again from the log. */
  readonly large: number;
  /** Kept of sessions that were replayed lately, and as much of where numbers come from. */
  readonly replays: number;
  /** Sockets and event streams of all users together: their number. */
  readonly sockets: number;
}

/** Of the heap for each of them: what one takes, and where many are slow what waits for some. */
const bytesOfSocket = 128 * 1024;

/** What V8 keeps for what is young, beside what `--max-old-space-size` bounds. */
const youngBytes = 192 * MiB;

/**
 * Parts of the heap that Node may use (`--max-old-space-size`, else what it takes for this machine): five eighths, up to
 * what is enough. The rest is the program's own, sockets and caches of fixed size, and garbage.
 */
export function memoryPlan(limitBytes: number = getHeapStatistics().heap_size_limit): MemoryPlan {
  const heapBytes = Math.max(limitBytes - youngBytes, limitBytes / 2);
  const part = (of16: number, most: number) => Math.min(Math.floor((heapBytes * of16) / 16), most);
  return {
    answers: part(2, 128 * MiB),
    large: part(6, 384 * MiB),
    replays: part(1, 64 * MiB),
    sockets: Math.floor(heapBytes / bytesOfSocket),
  };
}
