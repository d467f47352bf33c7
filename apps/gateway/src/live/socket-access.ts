import { Inject, Injectable } from '@nestjs/common';
import { Accounts } from '../accounts/accounts';
import { cookieName, credentialOf } from '../accounts/credentials';
import { allows, type Access } from '../accounts/scopes';
import type { GatewayConfig } from '../config';
import { CLOCK, CONFIG, type Clock } from '../connections';
import { isDatabaseAway } from '../problems/to-problem';
import type { LiveSocket } from './live-socket';

/** What a client is told in `connect_error`: `data` is a problem's status and title. */
class RefusedConnection extends Error {
  readonly data: { readonly status: number; readonly title: string };
  constructor(status: number, title: string) {
    super(title);
    this.data = { status, title };
  }
}

const longestTimerMs = 2 ** 31 - 1;
/** A token that was revoked, or whose user is gone, keeps its sockets no longer than this. */
const recheckMs = 5000;

/** Lets users in: by `auth.token`, bearer, `?access_token=` or the cookie; and out when their token expires. */
@Injectable()
export class SocketAccess {
  constructor(
    private readonly accounts: Accounts,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Socket.IO middleware. */
  readonly check = (socket: LiveSocket, next: (refused?: Error) => void): void => {
    this.admit(socket).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    );
  };

  /** Ends the socket when its token expires, and soon after it was revoked. */
  endAtExpiry(socket: LiveSocket): void {
    const leftMs = Math.min(socket.data.expiresAt - this.now(), longestTimerMs);
    const expiry = setTimeout(() => socket.disconnect(true), leftMs).unref();
    const recheck = setInterval(() => void this.endIfRefused(socket), recheckMs).unref();
    socket.once('disconnect', () => {
      clearTimeout(expiry);
      clearInterval(recheck);
    });
  }

  private async endIfRefused(socket: LiveSocket): Promise<void> {
    try {
      await this.accessOf(socket);
    } catch (error) {
      // While the database is away nobody is sent off: that it could not be asked says nothing of the token.
      if (error instanceof RefusedConnection) socket.disconnect(true);
    }
  }

  private async admit(socket: LiveSocket): Promise<void> {
    socket.data.expiresAt = (await this.accessOf(socket)).expiresAt;
    socket.data.deltasOnly = socket.handshake.auth['events'] === 'delta';
    socket.data.rooms = new Set();
  }

  private async accessOf(socket: LiveSocket): Promise<Access> {
    const token = this.tokenOf(socket);
    const access = token === undefined ? undefined : await this.accounts.authenticate(token);
    if (!access) throw new RefusedConnection(401, 'Unauthorized');
    if (!allows(access, 'read')) throw new RefusedConnection(403, 'Forbidden');
    return access;
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
