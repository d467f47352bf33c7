import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { ApiToken, CreateApiTokenRequest, CreatedApiToken } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { DataSource } from 'typeorm';
import { CLOCK, LOGGER, type Clock } from '../connections';
import { ApiTokenEntity } from '../database/api-token.entity';
import { apiTokenId, hashApiToken, isApiToken, mintApiToken } from './api-token-text';

/** A use is written down at most this often. */
const useEveryMs = 60_000;

/** Tokens for programs. Each is looked up anew each time: what was revoked is refused at once, by every replica. */
@Injectable()
export class ApiTokens {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async create(request: CreateApiTokenRequest, username: string): Promise<CreatedApiToken> {
    const { id, token } = mintApiToken();
    const entity = this.tokens.create({
      id,
      tokenHash: hashApiToken(token),
      name: request.name,
      scopes: request.scopes,
      username,
      createdAt: new Date(this.now()),
      expiresAt: request.expiresAt === null ? null : new Date(request.expiresAt),
      lastUsedAt: null,
    });
    await this.tokens.insert(entity);
    this.logger.info('an API token was made', { id, name: request.name, scopes: request.scopes, username });
    return { ...shown(entity), token };
  }

  async list(): Promise<ApiToken[]> {
    return (await this.tokens.find({ order: { createdAt: 'DESC', id: 'ASC' } })).map(shown);
  }

  /** False where there is no such token. */
  async revoke(id: string, username: string): Promise<boolean> {
    const { affected } = await this.tokens.delete({ id });
    if (affected) this.logger.info('an API token was revoked', { id, username });
    return Boolean(affected);
  }

  /** Undefined where the text is not a token of ours, or one that has expired or was revoked. */
  async find(text: string): Promise<ApiTokenEntity | undefined> {
    const id = apiTokenId(text);
    const found = id === undefined ? null : await this.tokens.findOneBy({ id });
    if (!found || !isApiToken(text, found.tokenHash)) return undefined;
    if (found.expiresAt !== null && found.expiresAt.getTime() <= this.now()) return undefined;
    await this.noteUse(found);
    return found;
  }

  private async noteUse({ id, lastUsedAt }: ApiTokenEntity): Promise<void> {
    const now = this.now();
    if (lastUsedAt !== null && now - lastUsedAt.getTime() < useEveryMs) return;
    try {
      await this.tokens.update({ id }, { lastUsedAt: new Date(now) });
    } catch (error) {
      this.logger.debug('the use of an API token was not noted', { error }); // no reason to refuse it
    }
  }

  private get tokens() {
    return this.database.getRepository(ApiTokenEntity);
  }
}

function shown({ id, name, scopes, username, createdAt, expiresAt, lastUsedAt }: ApiTokenEntity): ApiToken {
  return {
    id,
    name,
    scopes,
    username,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
