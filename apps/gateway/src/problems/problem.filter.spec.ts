import { createLogger } from '@telltale/platform';
import express, { type RequestHandler } from 'express';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { sendProblem } from './problem.filter';

/** What a client makes of an answer. */
async function answerOf(handler: RequestHandler): Promise<string> {
  const server = express().get('/', handler).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return await response.text().catch(() => 'cut');
  } finally {
    server.close();
  }
}

const quiet = createLogger('test', { write: () => undefined });
const failing = new Error('in the middle');

it('cuts an answer that fails in the middle, so that nobody takes it for whole', async () => {
  const cut = await answerOf((request, response) => {
    response.write('{"items":[');
    sendProblem(failing, request, response, quiet);
  });
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
