import { Inject, Injectable } from '@nestjs/common';
import { cookieName, credentialOf } from '../accounts/credentials';
import { allows } from '../accounts/scopes';
import type { GatewayConfig } from '../config';
import { CONFIG } from '../connections';
import { isDatabaseAway } from '../problems/to-problem';
import type { LiveSocket } from './live-socket';
import { OpenCredentials } from './open-credentials';

/** What a client is told in `connect_error`: `data` is a problem's status and title. */
class RefusedConnection extends Error {
  readonly data: { readonly status: number; readonly title: string };
  constructor(status: number, title: string) {
    super(title);
    this.data = { status, title };
  }
}

/** Lets users in: by `auth.token`, bearer, `?access_token=` or the cookie; and out when their token is no more. */
@Injectable()
export class SocketAccess {
  constructor(
    private readonly credentials: OpenCredentials,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /** Socket.IO middleware. */
  readonly check = (socket: LiveSocket, next: (refused?: Error) => void): void => {
    this.admit(socket).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  };

  /** Ends the socket with its token: when that expires, or is revoked. */
  keep(socket: LiveSocket): void {
    this.credentials.add(socket.data.credential, socket);
  }

  /** The socket is gone. */
  release(socket: LiveSocket): void {
    this.credentials.remove(socket.data.credential, socket);
  }

  private async admit(socket: LiveSocket): Promise<void> {
    const token = this.tokenOf(socket);
    const credential = token === undefined ? undefined : await this.credentials.authenticate(token);
    if (!credential) throw new RefusedConnection(401, 'Unauthorized');
    if (!allows(credential.access, 'read')) throw new RefusedConnection(403, 'Forbidden');
    if (this.credentials.isFull(credential)) throw new RefusedConnection(429, 'Too Many Requests');
    socket.data.credential = credential;
    socket.data.deltasOnly = socket.handshake.auth['events'] === 'delta';
    socket.data.rooms = new Set();
    socket.data.asking = 0;
  }

  private tokenOf(socket: LiveSocket): string | undefined {
    const { auth, query, headers } = socket.handshake;
    const given: unknown[] = [auth['token'], query['access_token']];
    const token = given.find((value): value is string => typeof value === 'string' && value !== '');
    return token ?? credentialOf(headers, cookieName(this.config.port));
  }
}

function refusal(error: unknown): Error {
  if (error instanceof RefusedConnection) return error;
  return isDatabaseAway(error)
    ? new RefusedConnection(503, 'Service Unavailable')
    : new RefusedConnection(500, 'Internal Server Error');
}
