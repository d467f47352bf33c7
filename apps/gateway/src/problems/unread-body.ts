import type { Request, Response } from 'express';

/** Who is refused while still sending may go on for so long, so that the answer is seen; what comes is thrown away. */
const lingerMs = 500;
const lingerBytes = 1024 * 1024;

/** A body that nobody will read is under way. */
export function hasUnreadBody(request: Request): boolean {
  const { headers } = request;
  const announced = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return announced && !request.complete;
}

/**
 * Sends a whole answer, and ends the connection once the client has stopped sending or has sent too much. Ended at once,
 * the client might never see the answer: the system throws it away where bytes come in for nobody.
 */
export function answerAndClose(request: Request, response: Response, body: string): void {
  response.setHeader('content-length', Buffer.byteLength(body));
  response.setHeader('connection', 'close');
  response.write(body);
  let thrownAway = 0;
  const timer = setTimeout(end, lingerMs);
  function end() {
    clearTimeout(timer);
    request.off('data', count).off('end', end).off('close', end).pause();
    response.end();
  }
  function count(chunk: Buffer) {
    thrownAway += chunk.length;
    if (thrownAway > lingerBytes) end();
  }
  request.on('data', count).once('end', end).once('close', end);
}
