import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@telltale/platform';
import type { Request, Response } from 'express';
import { Gauge, type Registry } from 'prom-client';
import { LOGGER, METRICS } from '../connections';
import { problem, ProblemException } from '../problems/problem';

/** A file that is made while it is sent. */
export interface ExportFile {
  readonly name: string;
  /** With its charset, where it has one. */
  readonly mediaType: string;
  readonly chunks: AsyncIterable<string | Uint8Array>;
}

/** Sends files as fast as their readers take them. */
@Injectable()
export class FileSender implements BeforeApplicationShutdown {
  /** One that takes nothing for so long is let go. */
  patienceMs = 30_000;
  /** Each holds a page of rows and a text of up to 16 MiB. */
  mostAtOnce = 16;
  private readonly underWay = new Set<Response>();
  private readonly gauge: Gauge;

  constructor(
    @Inject(METRICS) metrics: Registry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.gauge = new Gauge({
      name: 'telltale_gateway_exports',
      help: 'Exports that are being sent',
      registers: [metrics],
    });
  }

  /**
   * Nothing is read ahead of the client. What fails before the first chunk is told as a problem; what fails later cuts
   * the answer, without the end that HTTP puts behind a whole one.
   *
   * @throws ProblemException 503 while too many are under way; what the first chunk throws
   */
  async send(file: ExportFile, request: Request, response: Response): Promise<void> {
    if (this.underWay.size >= this.mostAtOnce) throw busy();
    this.underWay.add(response);
    this.gauge.set(this.underWay.size);
    try {
      const chunks = file.chunks[Symbol.asyncIterator]();
      const first = await chunks.next();
      response.status(200).set(headersOf(file));
      if (request.method === 'HEAD') {
        await chunks.return?.();
        return void response.end();
      }
      await this.stream(rest(first, chunks), file, response);
    } finally {
      this.underWay.delete(response);
      this.gauge.set(this.underWay.size);
    }
  }

  /** A reader that takes its time shall not keep the gateway from stopping: its file is cut. */
  beforeApplicationShutdown(): void {
    for (const response of this.underWay) response.destroy();
  }

  private async stream(
    chunks: AsyncGenerator<string | Uint8Array>,
    file: ExportFile,
    response: Response,
  ): Promise<void> {
    const watch = () => {
      // The socket has been silent: because of the reader if something waits to be sent, else because of ourselves.
      if (response.writableLength > 0 || response.writableEnded) response.destroy();
    };
    response.setTimeout(this.patienceMs, watch);
    try {
      await pipeline(Readable.from(chunks, { objectMode: false }), response);
    } catch (error) {
      if (isClientGone(error)) this.logger.debug('an export was not read to its end', { file: file.name });
      else this.logger.warn('an export was cut', { file: file.name, error });
    }
  }
}

/** Also ends what makes the chunks, when the reader is gone. */
async function* rest(
  first: IteratorResult<string | Uint8Array, unknown>,
  chunks: AsyncIterator<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

/** Of texts that others wrote: a browser shall keep them, not show them, and not keep them where others find them. */
function headersOf({ name, mediaType }: ExportFile): Record<string, string> {
  return {
    'content-type': mediaType,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  };
}

function busy(): ProblemException {
  const detail = 'Too many exports are under way. Try again in a moment.';
  return new ProblemException(problem(503, detail), { 'retry-after': '5' });
}

function isClientGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}
