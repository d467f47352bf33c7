import type { User } from '@telltale/contracts';
import type { AccessClaims } from '../accounts/access-tokens';
import { credentialOf } from '../accounts/credentials';
import { isDatabaseAway } from '../problems/to-problem';
import type { LiveSocket } from './live-socket';

/** What a client is told in `connect_error`: `data` as of RFC 9457. */
class RefusedConnection extends Error {
  readonly data: { readonly status: number; readonly title: string };
  constructor(status: number, title: string) {
    super(title);
    this.data = { status, title };
  }
}

export type Authenticate = (token: string) => Promise<(AccessClaims & { readonly user: User }) | undefined>;

/** Socket.IO middleware that lets users in: by `auth.token`, bearer, `?access_token=` or the cookie. */
export function socketAccess(authenticate: Authenticate, cookie: string) {
  return (socket: LiveSocket, next: (refused?: Error) => void): void => {
    admit(socket, authenticate, cookie).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  };
}

async function admit(socket: LiveSocket, authenticate: Authenticate, cookie: string): Promise<void> {
  const token = tokenOf(socket, cookie);
  const claims = token === undefined ? undefined : await authenticate(token);
  if (!claims) throw new RefusedConnection(401, 'Unauthorized');
  socket.data.expiresAt = claims.expiresAt;
  socket.data.deltasOnly = socket.handshake.auth['events'] === 'delta';
  socket.data.rooms = new Set();
}

function tokenOf(socket: LiveSocket, cookie: string): string | undefined {
  const { auth, query, headers } = socket.handshake;
  const given = [auth['token'], query['access_token']].find((token) => typeof token === 'string' && token !== '');
  return typeof given === 'string' ? given : credentialOf(headers, cookie);
}

function refusal(error: unknown): Error {
  if (error instanceof RefusedConnection) return error;
  return isDatabaseAway(error)
    ? new RefusedConnection(503, 'Service Unavailable')
    : new RefusedConnection(500, 'Internal Server Error');
}
