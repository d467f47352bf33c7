import { ConfigurationError } from '@telltale/platform';
import { publicBase, readConfig } from './config';

const env = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'postgres://127.0.0.1/telltale' };

it('binds to loopback unless told otherwise', () => {
  expect(readConfig(env)).toMatchObject({
    host: '127.0.0.1',
    port: 4400,
    allowedOrigins: [],
    trustedProxies: [],
    adminPassword: undefined,
    pushRate: 100,
    socketsPerUser: 512,
  });
});

it('takes origins without their paths', () => {
  const { allowedOrigins } = readConfig({
    ...env,
    TELLTALE_ALLOWED_ORIGINS: 'https://a.example/, http://b.example:81/x',
  });
  expect(allowedOrigins).toEqual(['https://a.example', 'http://b.example:81']);
});

it.each(['loopback', '10.0.0.0/8,192.168.1.7', 'fd00::/8', '::1'])('trusts the proxies at %s', (text) => {
  expect(readConfig({ ...env, TELLTALE_TRUSTED_PROXIES: text }).trustedProxies).toEqual(text.split(','));
});

it.each([
  'everybody',
  '10.0.0.0/33',
  '10.0.0.0/8/8',
  '10.0.0.0/',
  'fd00::/129',
  'true',
  '10.0.0.0/0',
  '::/0',
])('trusts no proxies at %s', (text) => {
  expect(() => readConfig({ ...env, TELLTALE_TRUSTED_PROXIES: text })).toThrow('TELLTALE_TRUSTED_PROXIES');
});

it.each([
  'TELLTALE_PORT',
  'TELLTALE_PUSH_RATE',
  'TELLTALE_PUBLIC_URL',
  'TELLTALE_ALLOWED_ORIGINS',
  'TELLTALE_TRUSTED_PROXIES',
  'NATS_URL',
])('names %s when it is wrong', (name) => {
  const read = () => readConfig({ ...env, [name]: 'wrong value' });
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(name);
});

it.each([
  [{ host: '127.0.0.1', port: 4400, publicUrl: undefined }, 'http://127.0.0.1:4400'],
  [{ host: '0.0.0.0', port: 1, publicUrl: undefined }, 'http://127.0.0.1:1'],
  [{ host: '::1', port: 1, publicUrl: undefined }, 'http://[::1]:1'],
  [{ host: '0.0.0.0', port: 1, publicUrl: 'https://telltale.example.org' }, 'https://telltale.example.org'],
])('%j is reached at %s', (config, base) => {
  expect(publicBase(config)).toBe(base);
});
