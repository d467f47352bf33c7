import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import {
  quarantineListSchema,
  quarantineQuerySchema,
  quarantineRetryRequestSchema,
  quarantineRetrySchema,
  type QuarantineList,
  type QuarantineQuery,
  type QuarantineRetry,
  type QuarantineRetryRequest,
} from '@telltale/contracts';
import type { Request } from 'express';
import { ForRoles, ForScope } from '../accounts/access';
import { Audited, noteAudit } from '../accounts/audited';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { QuarantineRecords } from './quarantine-records';
import { Retries } from './retries';

/** What could not be read or stored: it may hold anything, so it is for administrators only. */
@Controller('api/admin/quarantine')
@ForRoles('admin')
@ForScope('admin')
export class QuarantineController {
  constructor(
    private readonly records: QuarantineRecords,
    private readonly retries: Retries,
  ) {}

  @Get()
  @Describes({
    summary: 'Records that could not be read or stored, the newest first',
    query: quarantineQuerySchema,
    answer: quarantineListSchema,
    problems: { 403: 'Only administrators may' },
  })
  list(@Query(new Parsed(quarantineQuerySchema)) query: QuarantineQuery): Promise<QuarantineList> {
    return this.records.list(query);
  }

  @Post('retry')
  @HttpCode(202)
  @Audited('quarantine.retried')
  @Describes({
    summary: 'Has ingest read the files of quarantined records again from the log: one file, or all',
    body: quarantineRetryRequestSchema,
    answer: quarantineRetrySchema,
    status: 202,
    problems: { 403: 'Only administrators may', 503: 'Ingest does not answer' },
  })
  retry(
    @Body(new Parsed(quarantineRetryRequestSchema)) { file }: QuarantineRetryRequest,
    @Req() request: Request,
  ): Promise<QuarantineRetry> {
    noteAudit(request, { target: file });
    return this.retries.ask(file);
  }
}
