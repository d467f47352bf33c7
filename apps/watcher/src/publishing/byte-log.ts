import { bytesChunkBytes, bytesStreamName, bytesSubject, chunkCount } from '@telltale/contracts';
import type { FactLog } from './fact-log';

/** Brings bytes that belong to facts into the byte stream, chunk by chunk, under their own hash. */
export class ByteLog {
  constructor(
    private readonly log: Pick<FactLog, 'append'>,
    private readonly host: string,
  ) {}

  /**
   * Tries until all of it is stored; false: the program ends. A chunk that lies there already is refused and not stored
   * again, whoever brought it: under this name there can be no other.
   */
  async store(sha256: string, bytes: Uint8Array): Promise<boolean> {
    for (let chunk = 0; chunk < chunkCount(bytes.length); chunk++) {
      const from = chunk * bytesChunkBytes;
      const { kind } = await this.log.append({
        stream: bytesStreamName,
        subject: bytesSubject({ host: this.host, sha256, chunk }),
        headers: [],
        body: bytes.subarray(from, from + bytesChunkBytes),
        expectedSequence: 0,
      });
      if (kind === 'stopped') return false;
    }
    return true;
  }
}
