import { Agent, request, type IncomingMessage } from 'node:http';
import type { TestGateway } from '../../testing/test-gateway';

/** A client that takes an answer at its own pace and keeps none of it. */
export interface Reader {
  readonly response: IncomingMessage;
  /** Bytes, and lines, taken so far. */
  readonly taken: { bytes: number; lines: number };
  /** Resolves at the end: whether the answer was whole. */
  readonly ended: Promise<boolean>;
}

/** @param onData is told, at each chunk, how many bytes came so far */
export async function read(
  gateway: TestGateway,
  path: string,
  onData?: (bytes: number, response: IncomingMessage) => void,
): Promise<Reader> {
  const agent = new Agent({ keepAlive: false });
  const response = await new Promise<IncomingMessage>((done, fail) => {
    request(`${gateway.url}${path}`, { headers: gateway.bearer(), agent }, done).on('error', fail).end();
  });
  const taken = { bytes: 0, lines: 0 };
  const ended = new Promise<boolean>((done) => {
    response.on('error', () => undefined); // told by `complete`
    response.on('close', () => done(response.complete));
  });
  response.on('data', (chunk: Buffer) => {
    taken.bytes += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) taken.lines++;
    onData?.(taken.bytes, response);
  });
  return { response, taken, ended };
}
