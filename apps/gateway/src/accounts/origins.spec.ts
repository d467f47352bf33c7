import { isLoopbackAddress, isOwnHost, isTrustedOrigin } from './origins';

const local = { host: '127.0.0.1', publicUrl: undefined, allowedOrigins: [] };
const everywhere = { ...local, host: '0.0.0.0', publicUrl: 'https://telltale.example.org' };

it.each([
  ['127.0.0.1:4400', true],
  ['localhost:4400', true],
  ['LOCALHOST', true],
  ['telltale.localhost:1', true],
  ['[::1]:4400', true],
  ['127.0.0.1.evil.example', false],
  ['localhost.evil.example', false],
  ['evil.example:4400', false],
  ['192.168.1.7:4400', false],
  ['a@localhost', false],
  ['', false],
  [undefined, false],
])('bound to loopback, Host %s is ours: %s', (host, ours) => {
  expect(isOwnHost(host, local)).toBe(ours);
});

it.each([
  ['192.168.1.7:4400', true],
  ['[fe80::1]:4400', true],
  ['telltale.example.org', true],
  ['evil.example', false],
])('bound to everything, Host %s is ours: %s', (host, ours) => {
  expect(isOwnHost(host, everywhere)).toBe(ours);
});

it('is ours under the name it was bound to', () => {
  expect(isOwnHost('box.lan:4400', { ...local, host: 'box.lan' })).toBe(true);
});

it.each([
  [{}, true],
  [{ origin: 'http://127.0.0.1:4400' }, true],
  [{ origin: 'https://tools.example.org' }, true],
  [{ origin: 'http://127.0.0.1:4401' }, false],
  [{ origin: 'https://tools.example.org.evil.example' }, false],
  [{ origin: 'null' }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'same-origin' }, true],
])('a page of %j is trusted: %s', (headers, trusted) => {
  const addresses = { ...local, allowedOrigins: ['https://tools.example.org'] };
  expect(isTrustedOrigin({ host: '127.0.0.1:4400', ...headers }, addresses)).toBe(trusted);
});

it.each([
  ['https://telltale.example.org', true],
  ['http://telltale.example.org', false], // what somebody on the way may have put there
  ['http://telltale.example.org:443', false],
])('where it is reached by TLS a page of %s is its own: %s', (origin, own) => {
  expect(isTrustedOrigin({ host: 'telltale.example.org', origin }, everywhere)).toBe(own);
});

it('is its own page also where it is reached past the proxy', () => {
  const direct = { host: 'telltale.example.org:4400', origin: 'http://telltale.example.org:4400' };
  expect(isTrustedOrigin(direct, everywhere)).toBe(true);
});

it('knows its own pages behind a proxy', () => {
  const headers = { host: 'gateway:4400', origin: 'https://telltale.example.org' };
  expect(isTrustedOrigin(headers, everywhere)).toBe(true);
  expect(isTrustedOrigin(headers, local)).toBe(false);
});

it.each([
  ['127.0.0.1', true],
  ['::ffff:127.0.0.1', true],
  ['::1', true],
  ['10.0.0.1', false],
  [undefined, false],
])('%s is loopback: %s', (address, loopback) => {
  expect(isLoopbackAddress(address)).toBe(loopback);
});
