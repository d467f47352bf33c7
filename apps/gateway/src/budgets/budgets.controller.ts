import { Body, Controller, Get, Headers, Inject, Put, Req, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { budgetListSchema, budgetsPutSchema, type BudgetList, type BudgetsPut } from '@telltale/contracts';
import type { Request, Response } from 'express';
import { ForRoles } from '../accounts/access';
import { Audited, noteAudit } from '../accounts/audited';
import { checkedTimeZone } from '../analytics/time-zone';
import { CLOCK, type Clock } from '../connections';
import { Describes } from '../openapi/describes';
import { Parsed } from '../problems/parse';
import { badRequest, problem, ProblemException } from '../problems/problem';
import { etagOf } from '../sessions/etag';
import { BudgetEvaluation } from './budget-evaluation';
import { BudgetSettings, changedMeanwhile, type BudgetSet } from './budget-settings';
import { BudgetStates } from './budget-states';
import { expectedRevisions } from './expected-revisions';

@Controller('api/budgets')
export class BudgetsController {
  constructor(
    private readonly settings: BudgetSettings,
    private readonly states: BudgetStates,
    private readonly evaluation: BudgetEvaluation,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Get()
  @Describes({ summary: 'Budgets, and where each stands now', answer: budgetListSchema })
  async list(@Res({ passthrough: true }) response: Response): Promise<BudgetList> {
    return this.answer(response, await this.settings.load());
  }

  @Put()
  @Audited('budgets.set')
  @ForRoles('admin')
  @ApiHeader({ name: 'If-Match', required: false, description: 'The ETag of the set that is to be replaced' })
  @Describes({
    summary: 'Puts these budgets in the place of all',
    body: budgetsPutSchema,
    answer: budgetListSchema,
    problems: { 403: 'Only administrators may', 412: 'Another set is in force than the one of If-Match' },
  })
  async replace(
    @Body(new Parsed(budgetsPutSchema)) { items }: BudgetsPut,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<BudgetList> {
    check(items);
    const set = await this.settings.replace(items, expectedRevisions(ifMatch), this.now());
    if (set === changedMeanwhile)
      throw new ProblemException(problem(412, 'Somebody changed the budgets meanwhile. Read them again.'));
    noteAudit(request, { details: { revision: set.revision, budgets: items.length } });
    this.evaluation.restart();
    return this.answer(response, set);
  }

  private async answer(response: Response, { revision, rules }: BudgetSet): Promise<BudgetList> {
    // Names the set, not its state: good for If-Match alone.
    response.setHeader('etag', etagOf(revision));
    response.setHeader('cache-control', 'no-store');
    return { items: await this.states.of(rules) };
  }
}

/** What a schema cannot tell. @throws ProblemException 400 */
function check(items: BudgetsPut['items']): void {
  const ids = new Set<string>();
  for (const [index, { id, tz }] of items.entries()) {
    if (tz !== undefined) checkedTimeZone(tz, `items.${index}.tz`);
    if (id !== undefined && ids.has(id)) throw badRequest(`items.${index}.id`, 'Two budgets have this id.');
    if (id !== undefined) ids.add(id);
  }
}
