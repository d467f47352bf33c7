import { createLogger } from '@telltale/platform';
import express, { type RequestHandler } from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { sendProblem } from './problem.filter';

/** What a client makes of an answer. @param onHead called once its beginning has come */
async function answerOf(handler: RequestHandler, onHead?: () => void): Promise<string> {
  const server = express().get('/', handler).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    onHead?.();
    return await response.text().catch(() => 'cut');
  } finally {
    server.close();
  }
}

const quiet = createLogger('test', { write: () => undefined });
const failing = new Error('in the middle');

it('cuts an answer that fails in the middle, so that nobody takes it for whole', async () => {
  let fail: (() => void) | undefined;
  const cut = await answerOf(
    (request, response) => {
      fail = () => sendProblem(failing, request, response, quiet);
      response.write('{"items":[');
    },
    () => fail?.(),
  );
  expect(cut).toBe('cut');
});

it('leaves an answer alone that is whole', async () => {
  const whole = 'x'.repeat(5_000_000);
  const answer = await answerOf((request, response) => {
    response.end(whole);
    sendProblem(failing, request, response, quiet);
  });
  expect(answer).toBe(whole);
});
