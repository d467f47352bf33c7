import { createdApiTokenSchema, type TokenScope } from '@telltale/contracts';
import { issueAccessToken, signingKey } from '../accounts/access-tokens';
import { hashPassword } from '../accounts/passwords';
import { ApiTokenEntity } from '../database/api-token.entity';
import { UserEntity } from '../database/user.entity';
import { bearerOf as bearer } from './send';
import type { TestGateway } from './test-gateway';

/** Somebody who comes with something, and what that is good for. */
export interface Caller {
  readonly who: string;
  readonly headers: Record<string, string>;
  /** Undefined: nobody. */
  readonly scopes?: readonly TokenScope[];
  readonly isToken?: boolean;
  readonly query?: string;
}

export async function apiTokenOf(
  gateway: TestGateway,
  scopes: TokenScope[],
  changes: Partial<ApiTokenEntity> = {},
): Promise<string> {
  const response = await gateway.fetch('/api/admin/tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...gateway.bearer('admin') },
    body: JSON.stringify({ name: 'matrix', scopes }),
  });
  const { id, token } = createdApiTokenSchema.parse(await response.json());
  if (Object.keys(changes).length > 0)
    await gateway.control.getRepository(ApiTokenEntity).update({ id }, changes);
  return token;
}

async function madeBy(
  gateway: TestGateway,
  username: string,
  role: 'admin' | 'viewer' | undefined,
): Promise<string> {
  const users = gateway.control.getRepository(UserEntity);
  await users.insert({ username, role: 'admin', passwordHash: await hashPassword('of some length') });
  const token = await apiTokenOf(gateway, ['admin'], { username });
  if (role === undefined) await users.delete({ username });
  else await users.update({ username }, { role });
  return token;
}

/** Every kind of caller there is, well-meaning or not. */
export async function callersOf(gateway: TestGateway): Promise<Caller[]> {
  const key = await signingKey(gateway.control);
  const users = gateway.control.getRepository(UserEntity);
  /** A sign-in of its own for every caller: one of them signs out. */
  const signIn = async (username: string, options: { key?: Uint8Array; at?: number } = {}) => {
    const { role, tokenVersion } = await users.findOneByOrFail({ username });
    const user = { username, role };
    const at = options.at ?? Date.now();
    return (await issueAccessToken(options.key ?? key, { user, tokenVersion }, at)).accessToken;
  };
  const admin = () => signIn('admin');
  const viewer = () => signIn('watcher-on-the-wall');
  const signed = await admin();
  const [, claims] = signed.split('.');
  const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims ?? ''}.`;
  const read = await apiTokenOf(gateway, ['read']);
  const revoked = await apiTokenOf(gateway, ['admin']);
  await gateway.control.getRepository(ApiTokenEntity).delete({ id: revoked.split('_')[1] ?? '' });
  return [
    { who: 'nobody', headers: {} },
    { who: 'a token in the query', headers: {}, query: `?access_token=${signed}` },
    {
      who: 'an API token in the query',
      headers: {},
      query: `?access_token=${await apiTokenOf(gateway, ['admin'])}`,
    },
    { who: 'no bearer', headers: { authorization: `Basic ${btoa('admin:correct horse battery staple')}` } },
    { who: 'an empty bearer', headers: { authorization: 'Bearer' } },
    { who: 'two bearers', headers: { authorization: `Bearer ${signed} ${signed}` } },
    { who: 'no token', headers: bearer('tt_x') },
    { who: 'a cut token', headers: bearer(read.slice(0, -1)) },
    { who: 'a longer token', headers: bearer(`${read}A`) },
    { who: 'an unsigned token', headers: bearer(unsigned) },
    { who: 'a token of another key', headers: bearer(await signIn('admin', { key: new Uint8Array(32) })) },
    { who: 'an expired user', headers: bearer(await signIn('admin', { at: 0 })) },
    { who: 'a bad header and a good cookie', headers: { ...bearer('x'), cookie: `telltale_0=${signed}` } },
    { who: 'another gateway’s cookie', headers: { cookie: `telltale_4400=${signed}; telltale=${signed}` } },
    { who: 'a revoked token', headers: bearer(revoked) },
    {
      who: 'an expired token',
      headers: bearer(await apiTokenOf(gateway, ['admin'], { expiresAt: new Date(1) })),
    },
    { who: 'a token whose maker is gone', headers: bearer(await madeBy(gateway, 'gone', undefined)) },
    {
      who: 'a token whose maker is a viewer now',
      isToken: true,
      headers: bearer(await madeBy(gateway, 'demoted', 'viewer')),
      scopes: ['read'],
    },
    { who: 'a viewer', headers: bearer(await viewer()), scopes: ['read'] },
    { who: 'a viewer’s cookie', headers: { cookie: `telltale_0=${await viewer()}` }, scopes: ['read'] },
    { who: 'an administrator', headers: bearer(await admin()), scopes: ['admin'] },
    {
      who: 'an administrator’s cookie',
      headers: { cookie: `telltale_0=${await admin()}` },
      scopes: ['admin'],
    },
    { who: 'a reading token', isToken: true, headers: bearer(read), scopes: ['read'] },
    {
      who: 'a reading token as a cookie',
      isToken: true,
      headers: { cookie: `telltale_0=${read}` },
      scopes: ['read'],
    },
    {
      who: 'a pushing token',
      isToken: true,
      headers: bearer(await apiTokenOf(gateway, ['push'])),
      scopes: ['push'],
    },
    {
      who: 'a token for both',
      isToken: true,
      headers: bearer(await apiTokenOf(gateway, ['read', 'push'])),
      scopes: ['read', 'push'],
    },
    {
      who: 'an administrating token',
      isToken: true,
      headers: bearer(await apiTokenOf(gateway, ['admin'])),
      scopes: ['admin'],
    },
  ];
}
