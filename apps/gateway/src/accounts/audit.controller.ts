import { Controller, Get, Query } from '@nestjs/common';
import { auditListSchema, auditQuerySchema, type AuditList, type AuditQuery } from '@telltale/contracts';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { ForRoles } from './access';
import { AuditTrail } from './audit-trail';

@Controller('api/admin/audit')
@ForRoles('admin')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  @Get()
  @Describes({
    summary: 'Who did what: sign-ins and what administrators did, the newest first',
    query: auditQuerySchema,
    answer: auditListSchema,
    problems: { 403: 'Only administrators may' },
  })
  list(@Query(new Parsed(auditQuerySchema)) query: AuditQuery): Promise<AuditList> {
    return this.trail.list(query);
  }
}
