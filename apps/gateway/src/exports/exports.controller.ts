import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import {
  listExportQuerySchema,
  sessionExportQuerySchema,
  sessionExportSchema,
  type ListExportQuery,
  type SessionExportFormat,
} from '@telltale/contracts';
import type { Request, Response } from 'express';
import { Describes } from '../openapi/describes';
import { NeedsMemory } from '../memory/needs-memory';
import { Parsed } from '../problems/parse';
import { Exports } from './exports';
import { FileSender } from './file-sender';

const tooMany = { 503: 'Too many exports are under way, or the database or the log does not answer' };

/** A page of rows with previews and a text of a fact, or a PDF; longer texts are counted beside it. */
const sessionBytes = 4 * 1024 * 1024;
/** A page of sessions and the ids of 100,000. */
const listBytes = 12 * 1024 * 1024;

@Controller('api')
export class ExportsController {
  constructor(
    private readonly files: Exports,
    private readonly sender: FileSender,
  ) {}

  @Get('sessions/:id/export')
  @NeedsMemory(sessionBytes)
  @Describes({
    summary: 'A session as a file: all of it as JSON, its messages as CSV, a document as Markdown or PDF',
    query: sessionExportQuerySchema,
    answer: sessionExportSchema,
    produces: ['text/csv', 'text/markdown', 'application/pdf'],
    notFound: true,
    problems: tooMany,
  })
  async session(
    @Param('id') id: string,
    @Query(new Parsed(sessionExportQuerySchema)) { format }: { format: SessionExportFormat },
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.sender.send(await this.files.session(id, format), request, response);
  }

  @Get('export/sessions')
  @NeedsMemory(listBytes)
  @Describes({
    summary: "A list's sessions as a file, all of them: CSV, or JSON with a session on each line",
    query: listExportQuerySchema,
    produces: ['text/csv', 'application/x-ndjson'],
    problems: tooMany,
  })
  async list(
    @Query(new Parsed(listExportQuerySchema)) query: ListExportQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.sender.send(this.files.list(query), request, response);
  }
}
