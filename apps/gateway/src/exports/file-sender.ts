import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@telltale/platform';
import type { Request, Response } from 'express';
import { Gauge, type Registry } from 'prom-client';
import { LOGGER, METRICS } from '../connections';
import { ownerOf } from '../memory/memory.interceptor';
import { eachApart } from '../memory/request-memory';
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
  /** Each takes time of the database and the log for as long as its reader likes; one user has half of them at most. */
  mostAtOnce = { all: 16, ofOne: 8 };
  /** With whose it is. */
  private readonly underWay = new Map<Response, string>();
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
    this.refuseTooMany(ownerOf(request));
    this.underWay.set(response, ownerOf(request));
    this.gauge.set(this.underWay.size);
    const chunks = eachApart(file.chunks);
    try {
      const first = await chunks.next();
      response.status(200).set(headersOf(file));
      if (request.method === 'HEAD') return void response.end();
      await this.stream(rest(first, chunks), file, response);
    } finally {
      this.underWay.delete(response);
      this.gauge.set(this.underWay.size);
      await chunks.return(undefined); // whatever happened: what makes them ends, and gives back its room
    }
  }

  /** A reader that takes its time shall not keep the gateway from stopping: its file is cut. */
  beforeApplicationShutdown(): void {
    for (const response of this.underWay.keys()) response.destroy();
  }

  private async stream(
    chunks: AsyncIterable<string | Uint8Array>,
    file: ExportFile,
    response: Response,
  ): Promise<void> {
    const closed = closeOf(response);
    const watch = () => {
      // The socket has been silent: because of the reader if something waits to be sent, else because of ourselves.
      if (response.writableLength > 0 || response.writableEnded) response.destroy();
    };
    response.setTimeout(this.patienceMs, watch);
    try {
      for await (const chunk of chunks) {
        if (response.destroyed) break;
        if (!response.write(chunk)) await drained(response);
      }
      response.end();
      await closed;
    } catch (error) {
      this.logger.warn('an export was cut', { file: file.name, error });
      response.destroy();
    }
    if (!response.writableFinished)
      this.logger.debug('an export was not read to its end', { file: file.name });
  }

  private refuseTooMany(owner: string): void {
    const { all, ofOne } = this.mostAtOnce;
    const own = [...this.underWay.values()].filter((one) => one === owner).length;
    if (this.underWay.size >= all || own >= ofOne) throw busy();
  }
}

async function* rest(
  first: IteratorResult<string | Uint8Array, unknown>,
  chunks: AsyncGenerator<string | Uint8Array>,
): AsyncGenerator<string | Uint8Array> {
  for (let next = first; next.done !== true; next = await chunks.next()) yield next.value;
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

function closeOf(response: Response): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((done) => response.once('close', done));
}

/** Or never will be: the client has gone. */
function drained(response: Response): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((done) => {
    const end = () => {
      response.off('drain', end).off('close', end);
      done();
    };
    response.on('drain', end).on('close', end);
  });
}
