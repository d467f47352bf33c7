import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { LRUCache } from 'lru-cache';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { accessIfKnown } from '../accounts/access';
import { Accounts } from '../accounts/accounts';
import { cookieName, credentialOf } from '../accounts/credentials';
import type { Access } from '../accounts/scopes';
import type { GatewayConfig } from '../config';
import { CONFIG, METRICS } from '../connections';
import { requestDuration, routeOf } from '../metrics/request-metrics';
import { conditionalRequest } from './same-request';

/** What an answer's ETag stands for. */
export interface Basis {
  /** As the answer carries it. */
  readonly etag: string;
  /** The revision the answer was made from. Beside the request and who asks nothing else may decide on the ETag. */
  readonly revision: string;
  /** What the revision is now, read after the call; undefined where there is none any more. */
  readonly read: () => Promise<string | undefined>;
}

interface Answered extends Basis {
  readonly access: Access;
  /** Of the answer "not modified": names and values in turn. */
  readonly headers: readonly string[];
  readonly observe: (seconds: number) => void;
}

const mostRemembered = 2_000;

/**
 * Answers polls that find nothing new before the router, the guards and the pipes see them. It remembers which requests
 * were answered, and from which revision; when the very same one comes again, only two things could make its answer
 * another: its credential is not good any more, or the revision moved. Both are asked for anew, each time.
 */
@Injectable()
export class UnchangedAnswers {
  private readonly answered = new LRUCache<string, Answered>({ max: mostRemembered });
  private readonly cookie: string;

  constructor(
    private readonly accounts: Accounts,
    @Inject(CONFIG) config: GatewayConfig,
    @Inject(METRICS) private readonly metrics: Registry,
  ) {
    this.cookie = cookieName(config.port);
  }

  /** Tags an answer, and notes what it was made from. To be called before a content type is set, or a length. */
  tag(request: Request, response: Response, basis: Basis): void {
    response.setHeader('etag', basis.etag);
    response.setHeader('cache-control', 'private, no-cache');
    const access = accessIfKnown(request);
    if (!access || request.method !== 'GET') return;
    const { key } = conditionalRequest(request);
    const labels = { method: 'GET', route: routeOf(request), status: '304' };
    const duration = requestDuration(this.metrics).labels(labels);
    this.answered.set(key, {
      ...basis,
      access,
      headers: Object.entries(response.getHeaders()).flatMap(([name, value]) => [name, String(value)]),
      observe: (seconds) => duration.observe(seconds),
    });
  }

  /** Says 304 where that is all there is to say; else `otherwise` answers. */
  answer(request: IncomingMessage, response: ServerResponse, otherwise: () => void): void {
    const { method, rawHeaders } = request;
    if (method !== 'GET' || this.answered.size === 0 || !mayBeConditional(rawHeaders)) return otherwise();
    const began = performance.now();
    const { key, held } = conditionalRequest(request);
    const answered = this.answered.get(key);
    if (answered === undefined || held !== answered.etag) return otherwise();
    this.isUnchanged(request, answered).then(
      (unchanged) => {
        if (!unchanged) return otherwise();
        response.writeHead(304, answered.headers as string[]).end();
        answered.observe((performance.now() - began) / 1000);
      },
      otherwise, // whatever it is, it is told of there
    );
  }

  private async isUnchanged(request: IncomingMessage, answered: Answered): Promise<boolean> {
    const credential = credentialOf(request.headers, this.cookie);
    if (credential === undefined) return false;
    const [access, revision] = await Promise.all([this.accounts.authenticate(credential), answered.read()]);
    return revision === answered.revision && access !== undefined && isSame(access, answered.access);
  }
}

function mayBeConditional(rawHeaders: readonly string[]): boolean {
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (/^if-none-match$/i.test(rawHeaders[at] ?? '')) return true;
  return false;
}

function isSame(one: Access, other: Access): boolean {
  return (
    one.user.username === other.user.username &&
    one.user.role === other.user.role &&
    one.tokenId === other.tokenId &&
    one.scopes.length === other.scopes.length &&
    one.scopes.every((scope) => other.scopes.includes(scope))
  );
}
