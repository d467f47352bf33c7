import { Inject, Injectable } from '@nestjs/common';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@telltale/platform';
import { cookieName, credentialOf } from '../../accounts/credentials';
import { isOwnHost, isTrustedOrigin } from '../../accounts/origins';
import { allows } from '../../accounts/scopes';
import type { GatewayConfig } from '../../config';
import { CONFIG, LOGGER } from '../../connections';
import type { Credential } from '../../live/credential';
import { OpenCredentials } from '../../live/open-credentials';
import {
  forbidden,
  problem,
  problemContentType,
  ProblemException,
  unauthorized,
} from '../../problems/problem';
import { toProblem } from '../../problems/to-problem';
import { queryToken } from './token-in-query';
import { tooManySockets } from './too-many-sockets';

/** Who may open a WebSocket: asked before it is one, and answered as a request is. */
@Injectable()
export class UpgradeAccess {
  constructor(
    private readonly credentials: OpenCredentials,
    @Inject(CONFIG) private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ProblemException 401, 403, 421, 429 */
  async admit(request: IncomingMessage): Promise<Credential> {
    if (!isOwnHost(request.headers.host, this.config)) {
      throw new ProblemException(problem(421, 'This host name is not known here.'));
    }
    if (!isTrustedOrigin(request.headers, this.config)) {
      throw forbidden('Requests from this origin are not allowed. See TELLTALE_ALLOWED_ORIGINS.');
    }
    const token = this.tokenOf(request);
    if (token === undefined) throw unauthorized('Sign in first.');
    const credential = await this.credentials.authenticate(token);
    if (!credential) throw unauthorized('The token is not valid, or not any more.');
    if (!allows(credential.access, 'read')) {
      throw forbidden('This token does not allow this: it needs the scope read.');
    }
    if (this.credentials.isFull(credential)) throw tooManySockets();
    return credential;
  }

  /** Answers an upgrade that is refused. */
  refuse(error: unknown, socket: Duplex): void {
    const { problem: said, headers, unexpected } = toProblem(error);
    if (unexpected) this.logger.error('an upgrade failed', { error });
    const body = JSON.stringify(said);
    const lines = Object.entries({
      ...headers,
      'content-type': problemContentType,
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(
      `HTTP/1.1 ${said.status} ${STATUS_CODES[said.status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`,
      () => socket.destroy(),
    );
  }

  /** The query before the cookie: who gives a token on purpose means it. */
  private tokenOf({ headers, url = '' }: IncomingMessage): string | undefined {
    const asked = headers.authorization === undefined ? queryToken(url) : undefined;
    return asked ?? credentialOf(headers, cookieName(this.config.port));
  }
}
