import { createdApiTokenSchema, loginResponseSchema, signInLinkSchema } from '@telltale/contracts';
import { createLogger } from '@telltale/platform';
import { eventually } from '@telltale/platform/testing';
import { io } from 'socket.io-client';
import { rawRequest } from '../testing/raw-request';
import { bearerOf, sender } from '../testing/send';
import { adminPassword, startTestGateway, type TestGateway } from '../testing/test-gateway';

let gateway: TestGateway;
const lines: string[] = [];
const planted = (n: number) => `planted-secret-number-${n}`;

beforeAll(async () => {
  const logger = createLogger('gateway', { level: 'debug', write: (line) => void lines.push(line) });
  gateway = await startTestGateway({}, { logger });
});
afterAll(() => gateway.stop());

const send = sender(() => gateway);

/** Everything somebody may do with a secret, rightly and wrongly. @returns the secrets */
async function everyFlow(): Promise<string[]> {
  const user = { username: 'ada', role: 'viewer', password: planted(1) };
  await send('POST', '/api/admin/users', user);
  await send('POST', '/api/admin/users', { ...user, username: '?', password: planted(2) });
  const login = (password: string) => send('POST', '/api/auth/login', { username: 'ada', password }, {});
  const { accessToken } = loginResponseSchema.parse((await login(planted(1))).body);
  await login(planted(3));
  await send('POST', '/api/auth/login', { username: planted(4), password: planted(4) }, {});
  const changed = await send(
    'POST',
    '/api/auth/password',
    { current: planted(1), new: planted(5) },
    bearerOf(accessToken),
  );
  const second = loginResponseSchema.parse(changed.body).accessToken;
  await send('POST', '/api/auth/password', { current: planted(6), new: planted(7) }, bearerOf(second));
  const { link } = signInLinkSchema.parse((await send('POST', '/api/admin/users/ada/sign-in-link')).body);
  const linkToken = link.split('token=')[1] ?? '';
  await send('POST', '/api/auth/sign-in', { token: linkToken }, {});
  await send('POST', '/api/auth/sign-in', { token: linkToken }, {});
  const api = createdApiTokenSchema.parse(
    (await send('POST', '/api/admin/tokens', { name: 'x', scopes: ['admin'] })).body,
  ).token;
  await useEverywhere([second, api, planted(8)]);
  await failEverywhere(api);
  await send('PATCH', '/api/admin/users/ada', { password: planted(9) });
  const plantedOnes = Array.from({ length: 10 }, (_, n) => planted(n));
  return [adminPassword, accessToken, second, linkToken, api, ...plantedOnes];
}

async function useEverywhere(tokens: readonly string[]): Promise<void> {
  for (const token of tokens) {
    await send('GET', '/api/sessions', undefined, bearerOf(token));
    await send('GET', '/api/sessions', undefined, { cookie: `telltale_0=${token}` });
    await send('GET', `/api/sessions?access_token=${token}`, undefined, {});
    await send('GET', `/api/nowhere?access_token=${token}`, undefined, bearerOf(token));
    await rawRequest(
      gateway.url,
      `GET /api?access_token=${token} HTTP/1.1\r\nauthorization: Bearer ${token}\r\nbroken`,
      '\r\n\r\n',
    );
    for (const options of [
      { auth: { token } },
      { query: { access_token: token } },
      { extraHeaders: { authorization: `Bearer ${token}`, origin: 'https://evil.example' } },
    ]) {
      const client = io(`${gateway.url}/live`, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        ...options,
      });
      await new Promise<void>((done) => {
        client.once('connect', done);
        client.once('connect_error', () => done());
      });
      client.disconnect();
    }
  }
}

/** What nobody foresaw is logged with all that is known of it. */
async function failEverywhere(token: string): Promise<void> {
  await gateway.postgres.kill();
  const credentials = { username: 'ada', password: planted(1) };
  await send('POST', `/api/auth/login?access_token=${token}`, credentials, {});
  await send('GET', `/api/sessions?access_token=${token}`, undefined, bearerOf(token));
  await send('POST', '/api/auth/sign-in', { token: planted(3) }, {});
  await gateway.postgres.restart();
  await eventually(async () => expect((await send('GET', '/api/sessions')).status).toBe(200), {
    timeoutMs: 30_000,
  });
}

it('no secret is in any line of the log, whatever was done with it', async () => {
  const secrets = await everyFlow();
  const log = lines.join('');
  expect(log).toContain('request failed'); // there was something to say
  const found = secrets.filter((secret) => secret === '' || log.includes(secret));
  expect(found).toEqual([]);
  expect(log).not.toMatch(/access_token=(?!\*\*\*)|Bearer (?!\*\*\*)\S|telltale_0=(?!\*\*\*)|argon2id\$v/);
});
