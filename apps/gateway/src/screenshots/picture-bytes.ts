import { createHash } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { Inject, Injectable } from '@nestjs/common';
import { bytesStreamName, bytesSubject, chunkCount, chunkLength } from '@telltale/contracts';
import { StreamAccess } from '@telltale/platform';
import { NATS } from '../connections';
import type { Picture } from './pictures';

/** The byte stream does not hold what the picture's hash names (any more). */
export class MissingBytesError extends Error {
  override readonly name = 'MissingBytesError';
}

/** Reads pictures from the byte stream. */
@Injectable()
export class PictureBytes {
  private readonly access: StreamAccess;

  constructor(@Inject(NATS) nats: NatsConnection) {
    this.access = new StreamAccess(nats);
  }

  /**
   * A picture's bytes, a chunk at a time: one is in memory, whatever the picture's size. The last comes only if the hash
   * over all is right.
   *
   * @throws MissingBytesError; what NATS throws where it does not answer
   */
  async *chunks({ host, sha256, bytes }: Picture): AsyncGenerator<Uint8Array, undefined> {
    const hash = createHash('sha256');
    const count = chunkCount(bytes);
    for (let chunk = 0; chunk < count; chunk++) {
      const data = await this.chunk(bytesSubject({ host, sha256, chunk }));
      if (data?.length !== chunkLength(bytes, chunk))
        throw new MissingBytesError(`chunk ${chunk + 1} of ${count} of ${sha256} is not there`);
      hash.update(data);
      if (chunk === count - 1 && hash.digest('hex') !== sha256)
        throw new MissingBytesError(`the bytes are not those of ${sha256}`);
      yield data;
    }
    return undefined;
  }

  /** A replica may lag behind its leader: that one is asked too. */
  private async chunk(subject: string): Promise<Uint8Array | undefined> {
    const { direct, streams } = await this.access.manager();
    const query = { last_by_subj: subject };
    const message =
      (await direct.getMessage(bytesStreamName, query)) ?? (await streams.getMessage(bytesStreamName, query));
    return message?.data;
  }
}
