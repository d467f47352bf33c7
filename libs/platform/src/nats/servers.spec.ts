import { natsServers } from './servers';

describe('natsServers', () => {
  it.each([
    ['nats://127.0.0.1', { servers: ['127.0.0.1:4222'], tls: false }],
    ['nats://me:p%40ss@a:1, nats://b:2', { servers: ['a:1', 'b:2'], tls: false, user: 'me', pass: 'p@ss' }],
    ['tls://[::1]:7', { servers: ['[::1]:7'], tls: true }],
  ])('takes %s apart', (url, expected) => {
    expect(natsServers(url)).toEqual(expected);
  });
});
