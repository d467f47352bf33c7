import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import {
  provenanceQuerySchema,
  provenanceSchema,
  type Provenance,
  type ProvenanceQuery,
} from '@telltale/contracts';
import type { Response } from 'express';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { historyProblems } from './history-problems';
import { leaving } from '../work/leaving';
import { Provenances } from './provenance';

@Controller('api/sessions/:id/provenance')
export class ProvenanceController {
  constructor(private readonly provenances: Provenances) {}

  @Get()
  @Describes({
    summary: "Where a session's numbers come from: file, byte range, record, price version",
    query: provenanceQuerySchema,
    answer: provenanceSchema,
    notFound: true,
    problems: historyProblems,
  })
  page(
    @Param('id') id: string,
    @Query(new Parsed(provenanceQuerySchema)) query: ProvenanceQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Provenance> {
    return this.provenances.page(id, query, leaving(response));
  }
}
