import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { cookieName, credentialOf } from '../../accounts/credentials';
import type { GatewayConfig } from '../../config';
import { CONFIG } from '../../connections';
import { OpenCredentials } from '../../live/open-credentials';
import { unauthorized } from '../../problems/problem';
import { openEventStream, type EventStream } from './event-stream';
import { tooManySockets } from './too-many-sockets';

/** Opens streams for requests that the guard let through. They end with their token: when that expires, or is revoked. */
@Injectable()
export class EventStreams {
  constructor(
    private readonly credentials: OpenCredentials,
    @Inject(CONFIG) private readonly config: GatewayConfig,
  ) {}

  /**
   * @param farewell sent before a stream is ended because its token is not good any more
   * @returns undefined where only the headers were asked for
   * @throws ProblemException 401; 429 where the user has too many of them
   */
  async open(request: Request, response: Response, farewell = ''): Promise<EventStream | undefined> {
    const token = credentialOf(request.headers, cookieName(this.config.port)) ?? '';
    const credential = await this.credentials.authenticate(token);
    if (!credential) throw unauthorized('The token is not valid, or not any more.'); // revoked a moment ago
    if (this.credentials.isFull(credential)) throw tooManySockets();
    const stream = openEventStream(request, response);
    if (!stream) return undefined;
    const held = {
      disconnect: () => {
        stream.send(farewell);
        stream.end();
      },
    };
    stream.onClose(() => this.credentials.remove(credential, held));
    if (stream.isOpen) this.credentials.add(credential, held);
    return stream;
  }
}
