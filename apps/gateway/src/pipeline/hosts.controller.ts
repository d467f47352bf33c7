import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { hostListSchema, type HostList } from '@telltale/contracts';
import { ForRoles } from '../accounts/access';
import { Audited } from '../accounts/audited';
import { Describes } from '../openapi/describes';
import { notFound, problem, ProblemException } from '../problems/problem';
import { Watchers } from './watchers';

@Controller('api/admin/hosts')
@ForRoles('admin')
export class HostsController {
  constructor(private readonly watchers: Watchers) {}

  @Get()
  @Describes({ summary: 'Hosts and what their watchers said last', answer: hostListSchema })
  async list(): Promise<HostList> {
    return { items: await this.watchers.list() };
  }

  @Delete(':host')
  @HttpCode(204)
  @Audited('host.removed')
  @Describes({
    summary: 'Takes a host whose watcher is silent off the list. Its sessions stay',
    status: 204,
    notFound: true,
    problems: { 403: 'Only administrators may', 409: 'Its watcher lives' },
  })
  async remove(@Param('host') host: string): Promise<void> {
    if (this.watchers.lives(host))
      throw new ProblemException(
        problem(409, 'The watcher of this host lives. End it before its host is removed.'),
      );
    if (!(await this.watchers.forget(host))) throw notFound('There is no such host.');
  }
}
