import { randomBytes } from 'node:crypto';
import { accessTokenDays, issueAccessToken } from './access-tokens';
import { VerifiedTokens } from './verified-tokens';

const now = Date.UTC(2026, 4, 1);
const key = new Uint8Array(randomBytes(32));
const user = { username: 'ada', role: 'viewer' } as const;
const token = async () => (await issueAccessToken(key, { user, tokenVersion: 3 }, now)).accessToken;

it('says the same of a token each time, until it expires', async () => {
  const verified = new VerifiedTokens();
  const text = await token();
  const first = await verified.read(key, text, now);
  expect(first).toMatchObject({ user, tokenVersion: 3 });
  expect(await verified.read(key, text, now + 1000)).toEqual(first);
  const end = now + accessTokenDays * 86_400_000;
  expect(await verified.read(key, text, end - 1)).toEqual(first);
  expect(await verified.read(key, text, end)).toBeUndefined();
  expect(await new VerifiedTokens().read(key, text, end)).toBeUndefined();
});

it('takes no other token for one that it knows', async () => {
  const verified = new VerifiedTokens();
  const text = await token();
  await verified.read(key, text, now);
  for (const forged of [`${text}x`, text.slice(0, -2), text.replace(/^[^.]*/, ''), ''])
    expect(await verified.read(key, forged, now)).toBeUndefined();
});
