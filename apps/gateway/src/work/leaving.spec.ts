import express, { type Response } from 'express';
import type { AddressInfo } from 'node:net';
import { ClientLeftError, leaving } from './leaving';

/** A server that hands each of its responses over. */
async function serving() {
  const responses: ((response: Response) => void)[] = [];
  const app = express().get('/', (_, response) => responses.shift()?.(response));
  const server = app.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    next: () => new Promise<Response>((done) => responses.push(done)),
    close: () => server.close(),
  };
}

it('is told when a client leaves before its answer, and not when it has it', async () => {
  const { url, next, close } = await serving();
  try {
    const client = new AbortController();
    const [left, response] = [fetch(url, { signal: client.signal }), await next()];
    const signal = leaving(response);
    const told = new Promise((done) => signal.addEventListener('abort', done));
    client.abort();
    await Promise.all([told, expect(left).rejects.toThrow()]);
    expect(signal.reason).toBeInstanceOf(ClientLeftError);
    expect(leaving(response).reason).toBeInstanceOf(ClientLeftError); // who asks late, too

    const [stays, answered] = [fetch(url), await next()];
    const quiet = leaving(answered);
    const closed = new Promise((done) => answered.once('close', done));
    answered.end('here');
    expect(await (await stays).text()).toBe('here');
    await closed;
    expect([quiet.aborted, leaving(answered).aborted]).toEqual([false, false]);
  } finally {
    close();
  }
});
