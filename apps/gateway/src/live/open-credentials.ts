import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { AccessChange } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { AccessChanges } from '../accounts/access-changes';
import { Accounts } from '../accounts/accounts';
import { allows } from '../accounts/scopes';
import type { GatewayConfig } from '../config';
import { CLOCK, CONFIG, LOGGER, type Clock } from '../connections';
import { memoryPlan } from '../memory/memory-plan';
import type { Admitted, Credential } from './credential';

const { sockets: mostOfAll } = memoryPlan();
const longestTimerMs = 2 ** 31 - 1;
/** In case an announcement was lost on its way from another replica. */
export const sweepMs = 60_000;
const againMs = 1000;

/**
 * Tokens that keep sockets open. Each is looked at again when its user or itself was changed, and now and then; once
 * for all of its sockets. They end when it expires, and at once when it may not read any more.
 */
@Injectable()
export class OpenCredentials implements BeforeApplicationShutdown {
  private readonly open = new Map<string, Credential>();
  /** How many changes of access were heard of. */
  private changes = 0;
  private readonly unheard: () => void;
  private readonly sweep: NodeJS.Timeout;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    private readonly accounts: Accounts,
    changes: AccessChanges,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Pick<GatewayConfig, 'socketsPerUser'>,
  ) {
    this.unheard = changes.onChange((change) => this.changed(change));
    this.sweep = setInterval(() => this.lookAgain(() => true), sweepMs).unref();
  }

  /** Whether the token lets in, and what it says. Undefined: nobody we know. */
  async authenticate(token: string): Promise<Credential | undefined> {
    const { changes } = this;
    const access = await this.accounts.authenticate(token);
    return access && { token, access, asOf: changes, sockets: new Set(), expiry: undefined };
  }

  /** Whether its user has as many sockets as one may have, or there are as many as there may be at all. */
  isFull({ access: { user } }: Credential): boolean {
    let [all, ofOne] = [0, 0];
    for (const { access, sockets } of this.open.values()) {
      all += sockets.size;
      if (access.user.username === user.username) ofOne += sockets.size;
    }
    return ofOne >= this.config.socketsPerUser || all >= mostOfAll;
  }

  /** Ends the socket when the credential does; at once where others were quicker to be the last there may be. */
  add(credential: Credential, socket: Admitted): void {
    if (this.isFull(credential)) return void socket.disconnect(true);
    const known = this.open.get(credential.token) ?? credential;
    known.sockets.add(socket);
    if (known === credential) {
      this.open.set(known.token, known);
      this.arm(known);
    }
    if (credential.asOf !== this.changes) void this.check(known); // it may have been revoked meanwhile
  }

  remove(credential: Credential, socket: Admitted): void {
    const known = this.open.get(credential.token);
    known?.sockets.delete(socket);
    if (known?.sockets.size === 0) this.forget(known);
  }

  beforeApplicationShutdown(): void {
    this.unheard();
    clearInterval(this.sweep);
    clearTimeout(this.retry);
    for (const credential of this.open.values()) clearTimeout(credential.expiry);
  }

  private changed({ username, tokenId }: AccessChange): void {
    this.changes++;
    this.lookAgain(({ access }) =>
      tokenId === undefined ? access.user.username === username : access.tokenId === tokenId,
    );
  }

  private lookAgain(isMeant: (credential: Credential) => boolean): void {
    for (const credential of this.open.values()) if (isMeant(credential)) void this.check(credential);
  }

  private async check(credential: Credential): Promise<void> {
    try {
      const access = await this.accounts.authenticate(credential.token);
      if (!access || !allows(access, 'read')) return this.end(credential);
      credential.access = access;
      this.arm(credential);
    } catch (error) {
      // While the database is away nobody is sent off: that it could not be asked says nothing of the token.
      this.logger.debug('a token of open sockets cannot be looked at', { error });
      this.retry ??= setTimeout(() => {
        this.retry = undefined;
        this.lookAgain(() => true);
      }, againMs).unref();
    }
  }

  private arm(credential: Credential): void {
    clearTimeout(credential.expiry);
    if (credential.sockets.size === 0) return;
    const leftMs = Math.min(credential.access.expiresAt - this.now(), longestTimerMs);
    credential.expiry = setTimeout(() => void this.check(credential), Math.max(1, leftMs)).unref();
  }

  private end(credential: Credential): void {
    this.forget(credential);
    for (const socket of [...credential.sockets]) socket.disconnect(true);
  }

  private forget(credential: Credential): void {
    clearTimeout(credential.expiry);
    if (this.open.get(credential.token) === credential) this.open.delete(credential.token);
  }
}
