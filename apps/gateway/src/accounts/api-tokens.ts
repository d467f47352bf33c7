import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { ApiToken, CreateApiTokenRequest, CreatedApiToken } from '@telltale/contracts';
import type { Logger } from '@telltale/platform';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { CLOCK, LOGGER, type Clock } from '../connections';
import { ApiTokenEntity } from '../database/api-token.entity';
import { isViolation } from '../database/violations';
import { unauthorized } from '../problems/problem';
import { GatheredReads } from '../work/gathered-reads';
import { AccessChanges } from './access-changes';
import { apiTokenId, hashApiToken, isApiToken, mintApiToken } from './api-token-text';
import type { Access } from './scopes';

/** A use is written down at most this often. */
const useEveryMs = 60_000;

/** A token, and those whose maker it is, or the maker of their maker. Deleting the first takes the others along. */
const withDescendants = `
with recursive made as (
  select id from api_token where id = $1
  union select token.id from api_token token join made on token.made_by = made.id
) select id from made`;
const idsSchema = z.array(z.object({ id: z.string() }));

/** What decides on a token, and when its use was noted. */
type TokenRow = Pick<ApiTokenEntity, 'id' | 'tokenHash' | 'username' | 'scopes' | 'expiresAt' | 'lastUsedAt'>;
/** Asked with each request of a program: written by hand, for what an entity's repository does costs more than the look-up. */
const tokenRows = `
select id, token_hash as "tokenHash", username, scopes, expires_at as "expiresAt", last_used_at as "lastUsedAt"
from api_token where id = any($1)`;

/** Tokens for programs. Each is looked up anew each time: what was revoked is refused at once, by every replica. */
@Injectable()
export class ApiTokens {
  private readonly rows = new GatheredReads<string, ReadonlyMap<string, TokenRow>>(async (ids) => {
    const rows = await this.database.query<TokenRow[]>(tokenRows, [[...ids]]);
    return new Map(rows.map((row) => [row.id, row]));
  });

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly changes: AccessChanges,
  ) {}

  /**
   * @param by who asks, perhaps by a token: then the new one is revoked with that one
   * @throws ProblemException 401 where who asks was removed or revoked meanwhile
   */
  async create(request: CreateApiTokenRequest, { user, tokenId }: Access): Promise<CreatedApiToken> {
    const { username } = user;
    const { id, token } = mintApiToken();
    const entity = this.tokens.create({
      id,
      tokenHash: hashApiToken(token),
      name: request.name,
      scopes: request.scopes,
      username,
      madeBy: tokenId ?? null,
      createdAt: new Date(this.now()),
      expiresAt: request.expiresAt === null ? null : new Date(request.expiresAt),
      lastUsedAt: null,
    });
    try {
      await this.tokens.insert(entity);
    } catch (error) {
      // Let in a moment ago, and gone meanwhile.
      if (isViolation(error, 'foreign key')) throw unauthorized('The token is not valid, or not any more.');
      throw error;
    }
    return { ...shown(entity), token };
  }

  async list(): Promise<ApiToken[]> {
    return (await this.tokens.find({ order: { createdAt: 'DESC', id: 'ASC' } })).map(shown);
  }

  /** With all that were made by it. @returns the ids; none where there is no such token */
  async revoke(id: string): Promise<string[]> {
    const revoked = idsSchema.parse(await this.database.query(withDescendants, [id])).map((row) => row.id);
    if (revoked.length > 0) await this.tokens.delete({ id });
    for (const tokenId of revoked) this.changes.announce({ tokenId });
    return revoked;
  }

  /** Undefined where the text is not a token of ours, or one that has expired or was revoked. */
  async find(text: string): Promise<TokenRow | undefined> {
    const id = apiTokenId(text);
    const found = id === undefined ? undefined : (await this.rows.ask(id)).get(id);
    if (!found || !isApiToken(text, found.tokenHash)) return undefined;
    if (found.expiresAt !== null && found.expiresAt.getTime() <= this.now()) return undefined;
    await this.noteUse(found);
    return found;
  }

  private async noteUse({ id, lastUsedAt }: TokenRow): Promise<void> {
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

function shown({ createdAt, expiresAt, lastUsedAt, ...entity }: ApiTokenEntity): ApiToken {
  const { id, name, scopes, username, madeBy } = entity;
  return {
    id,
    name,
    scopes,
    username,
    madeBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
