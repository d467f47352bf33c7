import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import {
  apiTokenListSchema,
  createApiTokenRequestSchema,
  createdApiTokenSchema,
  type ApiTokenList,
  type CreateApiTokenRequest,
  type CreatedApiToken,
} from '@telltale/contracts';
import type { Request, Response } from 'express';
import { CLOCK, type Clock } from '../connections';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { badRequest, notFound } from '../problems/problem';
import { accessOfRequest, ForRoles } from './access';
import { ApiTokens } from './api-tokens';
import { Audited, noteAudit } from './audited';
import type { Access } from './scopes';

const forbidden = { 403: 'Only administrators may' };

@Controller('api/admin/tokens')
@ForRoles('admin')
export class ApiTokensController {
  constructor(
    private readonly tokens: ApiTokens,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Get()
  @Describes({
    summary: 'API tokens, the newest first; without the tokens themselves',
    answer: apiTokenListSchema,
    problems: forbidden,
  })
  async list(): Promise<ApiTokenList> {
    return { items: await this.tokens.list() };
  }

  @Post()
  @Audited('token.made')
  @Describes({
    summary: 'Makes an API token. It is shown in this answer, and never again',
    body: createApiTokenRequestSchema,
    answer: createdApiTokenSchema,
    status: 201,
    problems: forbidden,
  })
  async create(
    @Body(new Parsed(createApiTokenRequestSchema)) body: CreateApiTokenRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedApiToken> {
    if (body.expiresAt !== null && Date.parse(body.expiresAt) <= this.now())
      throw badRequest('expiresAt', 'This time has passed already.');
    const access = accessOfRequest(request);
    requireEndBy(body, access);
    response.setHeader('cache-control', 'no-store');
    const created = await this.tokens.create(body, access);
    noteAudit(request, { target: created.id, details: { name: created.name, scopes: created.scopes } });
    return created;
  }

  @Delete(':id')
  @HttpCode(204)
  @Audited('token.revoked')
  @Describes({
    summary: 'Revokes an API token, and those that were made with it, at once',
    status: 204,
    notFound: true,
    problems: forbidden,
  })
  async revoke(@Param('id') id: string, @Req() request: Request): Promise<void> {
    const revoked = await this.tokens.revoke(id);
    if (revoked.length === 0) throw notFound('There is no such token.');
    if (revoked.length > 1) noteAudit(request, { details: { revoked } });
  }
}

/** What was made with a token ends with it, also where that ends by itself. @throws ProblemException 400 */
function requireEndBy({ expiresAt }: CreateApiTokenRequest, by: Access): void {
  const end = expiresAt === null ? Infinity : Date.parse(expiresAt);
  if (by.tokenId !== undefined && end > by.expiresAt)
    throw badRequest('expiresAt', 'A token makes none that ends later than itself.');
}
