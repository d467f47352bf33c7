import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { Logger } from '@telltale/platform';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { LOGGER } from '../connections';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { notFound, problem, ProblemException } from '../problems/problem';
import { isHeld } from '../sessions/etag';
import { MissingBytesError, PictureBytes } from './picture-bytes';
import { cachingOf, headersOf } from './picture-headers';
import { Pictures, type Picture } from './pictures';

const querySchema = z.strictObject({
  v: z
    .string()
    .max(64)
    .optional()
    .describe("The beginning of the picture's hash: a browser may then keep it for good"),
});

/** The picture itself. What it is served as comes from the read model, its bytes from the log; no path leads anywhere. */
@Controller('api/screenshots')
export class PicturesController {
  constructor(
    private readonly pictures: Pictures,
    private readonly bytes: PictureBytes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get(':id')
  @Describes({
    summary: 'A picture: PNG, JPEG or WebP',
    query: querySchema,
    produces: 'image/*',
    conditional: true,
    notFound: true,
  })
  async picture(
    @Param('id') id: string,
    @Query(new Parsed(querySchema)) { v }: z.output<typeof querySchema>,
    @Headers('if-none-match') held: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const picture = await this.pictures.get(id);
    const caching = cachingOf(picture, v);
    if (isHeld(held, caching.etag)) return void response.status(304).set(caching).end();
    const chunks = this.bytes.chunks(picture);
    const first = await this.firstOf(chunks);
    response.status(200).set({ ...caching, ...headersOf(picture) });
    if (request.method === 'HEAD') return void response.end();
    await this.send(from(first, chunks), response, picture);
  }

  /** While nothing was sent yet, a problem can still be told. */
  private async firstOf(chunks: AsyncGenerator<Uint8Array, undefined>): Promise<Uint8Array> {
    try {
      return (await chunks.next()).value ?? new Uint8Array();
    } catch (error) {
      if (error instanceof MissingBytesError)
        throw notFound("The picture's bytes are not in the log any more.");
      this.logger.warn('a picture could not be read from the log', { error });
      throw new ProblemException(problem(503, 'The log does not answer. Try again in a moment.'), {
        'retry-after': '1',
      });
    }
  }

  /** As fast as the client takes it. What goes wrong now can only cut the answer short: its length tells the client. */
  private async send(
    chunks: AsyncIterable<Uint8Array>,
    response: Response,
    { sha256 }: Picture,
  ): Promise<void> {
    try {
      await pipeline(Readable.from(chunks, { objectMode: false }), response);
    } catch (error) {
      const isClientGone =
        error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
      if (!isClientGone) this.logger.warn('a picture could not be sent whole', { sha256, error });
    }
  }
}

async function* from(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
