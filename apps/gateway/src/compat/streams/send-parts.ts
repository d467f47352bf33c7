import type { Response } from 'express';

/** Text, or its bytes in UTF-8. */
export type Part = string | Buffer;

/** A client that has taken nothing for so long is let go. */
const stalledMs = 60_000;

/**
 * Sends an answer of any size part by part, each made when the one before was taken: what waits for the client is one
 * part. The first is made before anything is sent, so that a failure then is answered as a problem.
 */
export async function sendParts(
  response: Response,
  parts: AsyncIterable<Part>,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  let begun = false;
  try {
    for await (const part of parts) {
      if (!begun) response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers });
      if (!begun) response.setTimeout(stalledMs, () => response.destroy());
      begun = true;
      if (response.destroyed) return;
      if (!response.write(part)) await drained(response);
    }
    response.end();
  } catch (error) {
    if (!begun) throw error;
    response.destroy(); // cut short, so that it is not taken for whole
  }
}

/** Also where it never will be: the client has gone. */
function drained(response: Response): Promise<void> {
  return new Promise((done) => {
    const once = () => {
      response.off('drain', once).off('close', once);
      done();
    };
    response.on('drain', once).on('close', once);
  });
}

/** What stands between a JSON array's brackets, from pages of it. */
export async function* joined(pages: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let isFirst = true;
  for await (const page of pages) {
    if (page.length === 0) continue;
    yield isFirst ? page : Buffer.concat([comma, page]);
    isFirst = false;
  }
}

/** A JSON array in parts, of what stands before it, in it, and behind it. */
export async function* framed(
  before: string,
  pages: AsyncIterable<Buffer>,
  after: () => string,
): AsyncGenerator<Part> {
  let text = before;
  for await (const page of joined(pages)) {
    yield text === '' ? page : Buffer.concat([Buffer.from(text), page]);
    text = '';
  }
  yield text + after();
}

const comma = Buffer.from(',');
