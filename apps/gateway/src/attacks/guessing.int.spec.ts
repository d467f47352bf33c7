import { adminPassword, startTestGateway, type TestGateway } from '../testing/test-gateway';
import { sender } from '../testing/send';

/** What was guessed within the last minute counts, and each guess takes a machine as long as it takes. */
const stopped = () => {
  const now = Date.now();
  return () => now;
};

let gateway: TestGateway;
beforeAll(async () => {
  // The test is the proxy: it says from which address somebody comes.
  gateway = await startTestGateway({ trustedProxies: ['loopback'] }, { clock: stopped() });
  for (const [username, more] of [
    ['victim', {}],
    ['locked-out', { disabled: true }],
  ] as const) {
    await send('POST', '/api/admin/users', { username, role: 'viewer', password });
    if ('disabled' in more) await send('PATCH', `/api/admin/users/${username}`, more);
  }
});
afterAll(() => gateway.stop());

const password = 'the password of the victim';
const send = sender(() => gateway);
const login = (username: string, given: string, address: string) =>
  send('POST', '/api/auth/login', { username, password: given }, { 'x-forwarded-for': address });
const checks = async () => {
  const text = await (await gateway.fetch('/metrics', { headers: gateway.bearer('admin') })).text();
  return Number(/^telltale_password_checks_total\S* (\d+)$/m.exec(text)?.[1]);
};

let addresses = 0;
const anAddress = () => `203.0.${Math.floor(addresses / 250)}.${(addresses++ % 250) + 1}`;

it('who is asked for is not told: the same words, headers and work for every name', async () => {
  const tries: [string, string][] = [
    ['victim', 'wrong'],
    ['nobody', 'wrong'],
    ['locked-out', 'wrong'],
    ['locked-out', password],
    ['VICTIM', password],
    ['victim ', password],
    ['\u0000', password],
  ];
  const answers = [];
  for (const [username, given] of tries) {
    const before = await checks();
    const { status, body, headers } = await login(username, given, anAddress());
    if (username.includes('\u0000')) {
      expect([400, 401]).toContain(status);
      continue;
    }
    const names = [...headers.keys()].filter((name) => !['date', 'content-length'].includes(name)).sort();
    answers.push(JSON.stringify({ status, body, names, checks: (await checks()) - before }));
  }
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toContain('"checks":1');
});

it('guesses for one name from one address are slowed down after ten', async () => {
  const address = anAddress();
  const statuses: number[] = [];
  for (let n = 0; n < 12; n++) statuses.push((await login('someone', `guess ${n}`, address)).status);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
  const before = await checks();
  const refused = await login('someone', 'guess', address);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await checks()).toBe(before); // costs no more work
});

it('guesses for many names from one address are slowed down after fifty, also from its whole IPv6 network', async () => {
  const network = (n: number) => `2001:db8:7:1::${(n + 1).toString(16)}`;
  for (const addressOf of [() => '198.51.100.7', network]) {
    const statuses: number[] = [];
    for (let n = 0; n < 52; n++)
      statuses.push((await login(`name-${n}`, 'Spring2026!', addressOf(n))).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(50);
    expect(statuses.slice(50)).toEqual([429, 429]);
  }
});

it('guesses for one name from everywhere are slowed down, and its owner comes in all the same', async () => {
  const home = '192.0.2.44';
  expect((await login('victim', password, home)).status).toBe(200);
  const statuses: number[] = [];
  for (let n = 0; n < 40; n++) statuses.push((await login('victim', `guess ${n}`, anAddress())).status);
  expect(statuses.slice(-5)).toEqual([429, 429, 429, 429, 429]);
  // Not even the right password is told to somebody who comes from somewhere new while this goes on.
  expect((await login('victim', password, anAddress())).status).toBe(429);
  expect((await login('victim', password, home)).status).toBe(200);
  expect((await login('admin', adminPassword, anAddress())).status).toBe(200);
  const link = await send('POST', '/api/admin/users/victim/sign-in-link');
  const token = new URL((link.body as { link: string }).link).hash.replace('#token=', '');
  const byLink = await send('POST', '/api/auth/sign-in', { token }, { 'x-forwarded-for': anAddress() });
  expect(byLink.status).toBe(200);
});

it('guesses for links are slowed down', async () => {
  const address = anAddress();
  let last = 0;
  for (let n = 0; n < 12; n++) {
    const headers = { 'x-forwarded-for': address };
    last = (await send('POST', '/api/auth/sign-in', { token: `a-guessed-token-${n}` }, headers)).status;
  }
  expect(last).toBe(429);
});

it('an address is believed from trusted proxies alone', async () => {
  const direct = await startTestGateway({}, { clock: stopped() });
  try {
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++) {
      const response = await direct.fetch('/api/auth/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': anAddress() },
        body: JSON.stringify({ username: 'someone', password: 'guess' }),
      });
      statuses.push(response.status);
    }
    expect(statuses.at(-1)).toBe(429);
  } finally {
    await direct.stop();
  }
});
