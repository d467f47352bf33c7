import type { Readable } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import type { Request } from 'express';
import { problem, ProblemException } from '../problems/problem';

/** 8 MiB, what RFC 9659 has everybody take: a few bytes could ask for 128 MiB else. */
const zstdWindowLog = 23;

const decoders = new Map<string, () => NodeJS.ReadWriteStream & Readable>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
  ['zstd', () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: zstdWindowLog } })],
]);

/**
 * The JSON of a request, an object or a list; undefined where the body is empty. Reads no further than `limit` bytes,
 * unpacked.
 *
 * @throws ProblemException 400, 413, 415
 */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  const bytes = await (encoding === 'identity'
    ? collect(request, request, limit)
    : unpack(request, encoding, limit));
  return bytes.length === 0 ? undefined : parseJson(bytes);
}

async function unpack(request: Request, encoding: string, limit: number): Promise<Buffer> {
  const decoder = decoders.get(encoding)?.();
  if (!decoder) throw new ProblemException(problem(415, 'This content-encoding is not known here.'));
  request.pipe(decoder);
  try {
    return await collect(request, decoder, limit);
  } finally {
    request.unpipe(decoder);
    decoder.on('error', () => undefined).destroy();
  }
}

function collect(request: Request, stream: Readable, limit: number): Promise<Buffer> {
  return new Promise((done, fail) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const broken = () => settle(() => fail(unreadable('The body is not whole, or not what it says it is.')));
    // The client went away before its end.
    const gone = () => {
      if (!request.complete) broken();
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) settle(() => fail(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const end = () => settle(() => done(Buffer.concat(chunks)));
    const settle = (told: () => void) => {
      stream.off('data', take).off('end', end).off('error', broken);
      request.off('close', gone);
      stream.pause();
      told();
    };
    stream.on('data', take).on('end', end).on('error', broken);
    request.on('close', gone);
  });
}

export function tooLarge(bytes: number): ProblemException {
  const detail = `A request holds at most ${Math.floor(bytes / 1024)} KiB here. Send several, where you can.`;
  return new ProblemException(problem(413, detail));
}

/** Nothing of the body is repeated in the error: it may be a password. */
function parseJson(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // not JSON
  }
  throw unreadable('The body is not a JSON object.');
}

/** No field is at fault: there are none yet. */
function unreadable(detail: string): ProblemException {
  return new ProblemException(problem(400, detail));
}
