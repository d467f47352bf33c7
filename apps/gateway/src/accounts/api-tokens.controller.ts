import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import {
  apiTokenListSchema,
  createApiTokenRequestSchema,
  createdApiTokenSchema,
  type ApiTokenList,
  type CreateApiTokenRequest,
  type CreatedApiToken,
  type User,
} from '@telltale/contracts';
import type { Response } from 'express';
import { CLOCK, type Clock } from '../connections';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { badRequest, notFound } from '../problems/problem';
import { CurrentUser, ForRoles } from './access';
import { ApiTokens } from './api-tokens';

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
  @Describes({
    summary: 'Makes an API token. It is shown in this answer, and never again',
    body: createApiTokenRequestSchema,
    answer: createdApiTokenSchema,
    status: 201,
    problems: forbidden,
  })
  async create(
    @Body(new Parsed(createApiTokenRequestSchema)) body: CreateApiTokenRequest,
    @CurrentUser() user: User,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedApiToken> {
    if (body.expiresAt !== null && Date.parse(body.expiresAt) <= this.now())
      throw badRequest('expiresAt', 'This time has passed already.');
    response.setHeader('cache-control', 'no-store');
    return this.tokens.create(body, user.username);
  }

  @Delete(':id')
  @HttpCode(204)
  @Describes({ summary: 'Revokes an API token, at once', status: 204, notFound: true, problems: forbidden })
  async revoke(@Param('id') id: string, @CurrentUser() user: User): Promise<void> {
    if (!(await this.tokens.revoke(id, user.username))) throw notFound('There is no such token.');
  }
}
