import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { deletionSchema, type Deletion } from '@telltale/contracts';
import { ForRoles } from '../accounts/access';
import { Audited } from '../accounts/audited';
import { Describes } from '../openapi/describes';
import { Deletions } from './deletions';

@Controller('api/sessions')
@ForRoles('admin')
export class DeletionsController {
  constructor(private readonly deletions: Deletions) {}

  @Delete(':id')
  @HttpCode(202)
  @Audited('session.deleted')
  @Describes({
    summary:
      'Deletes a session for good: its rows, its facts in the log, its pictures. Its files stay, and are not read again',
    answer: deletionSchema,
    status: 202,
    notFound: true,
    problems: {
      403: 'Only administrators may',
      503: 'The log did not answer: it is not known whether the session will be deleted',
    },
  })
  async delete(@Param('id') id: string): Promise<Deletion> {
    await this.deletions.delete(id);
    return { id };
  }
}
