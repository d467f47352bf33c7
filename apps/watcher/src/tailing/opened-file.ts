import { closeSync, constants, fstatSync, openSync, read, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { work } from '../status/work';
import { isAbsent } from './error-code';

/** Reads up to this size are cheaper done at once than handed to the thread pool. */
const inlineLimitBytes = 128 * 1024;

/** A pipe at a file's place must not keep us waiting for somebody who writes to it; files do not care. */
const reading = constants.O_RDONLY | constants.O_NONBLOCK;

/** A file open for reading. */
export interface OpenedFile {
  readonly stats: Stats;
  /** Fills `buffer` from `position` on; gives the bytes read, 0 at the end. */
  read(buffer: Buffer, position: number): Promise<number>;
  /** Nobody waits for it: closing is no part of the way from append to fact. */
  close(): void;
}

/**
 * Opens a file. On a local disk without the detour over the thread pool, which costs a quarter of a millisecond
 * of the live path and, on a busy machine, several; a network disk may keep a call waiting and gets the pool.
 *
 * @returns undefined where there is no such file (any more)
 * @throws any other error of the file system
 */
export async function openFile(path: string, local: boolean): Promise<OpenedFile | undefined> {
  work.opens += 1;
  try {
    return local ? openInline(path) : await openPooled(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function openInline(path: string): OpenedFile {
  const fd = openSync(path, reading);
  try {
    return {
      stats: fstatSync(fd),
      read: async (buffer, position) =>
        buffer.length <= inlineLimitBytes
          ? readSync(fd, buffer, 0, buffer.length, position)
          : readPooled(fd, buffer, position),
      close: () => closeSync(fd),
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function readPooled(fd: number, buffer: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, 0, buffer.length, position, (error, bytesRead) =>
      error ? reject(error) : resolve(bytesRead),
    );
  });
}

async function openPooled(path: string): Promise<OpenedFile> {
  const handle = await open(path, reading);
  const close = () => void handle.close().catch(() => undefined);
  try {
    return {
      stats: await handle.stat(),
      read: async (buffer, position) => (await handle.read(buffer, 0, buffer.length, position)).bytesRead,
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
