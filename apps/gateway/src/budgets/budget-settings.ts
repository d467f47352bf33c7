import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { BudgetInput } from '@telltale/contracts';
import type { BudgetRule } from '@telltale/domain';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import { BudgetEntity } from '../database/budget.entity';

/** The budgets in force. */
export interface BudgetSet {
  /** Another one with every change. */
  readonly revision: string;
  readonly rules: readonly BudgetRule[];
}

/** Another set is in force than the one that was to be replaced. */
export const changedMeanwhile = Symbol('another set of budgets is in force');

@Injectable()
export class BudgetSettings {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  /** Cheap: one row. */
  async revision(): Promise<string> {
    return revisionOf(this.database.manager, '');
  }

  load(): Promise<BudgetSet> {
    return this.database.transaction('REPEATABLE READ', async (manager) => ({
      revision: await revisionOf(manager, ''),
      rules: await rulesOf(manager),
    }));
  }

  /**
   * Puts these in the place of all. What is as it was keeps its time of beginning.
   *
   * @param expected the set that is to be replaced; undefined: whichever is in force
   * @param now epoch ms
   */
  replace(
    items: readonly BudgetInput[],
    expected: readonly string[] | undefined,
    now: number,
  ): Promise<BudgetSet | typeof changedMeanwhile> {
    return this.database.transaction(async (manager) => {
      const current = await revisionOf(manager, 'for update');
      if (expected && !expected.includes(current)) return changedMeanwhile;
      const known = await manager.find(BudgetEntity);
      const rows = items.map((item, position) => rowOf(item, position, now));
      for (const row of rows) {
        const before = known.find(({ id }) => id === row.id);
        if (before && definition(before) === definition(row)) row.since = before.since;
      }
      await manager.deleteAll(BudgetEntity);
      if (rows.length > 0) await manager.insert(BudgetEntity, rows);
      await manager.query('update budget_set set revision = revision + 1');
      return { revision: await revisionOf(manager, ''), rules: await rulesOf(manager) };
    });
  }
}

async function revisionOf(manager: EntityManager, lock: '' | 'for update'): Promise<string> {
  const rows: { revision: string }[] = await manager.query(
    `select revision::text as revision from budget_set ${lock}`,
  );
  return rows[0]?.revision ?? '0';
}

async function rulesOf(manager: EntityManager): Promise<BudgetRule[]> {
  const rows = await manager.find(BudgetEntity, { order: { position: 'asc' } });
  return rows.map(({ id, scope, key, limitUsd, thresholds, tz, since }) => ({
    ...{ id, scope, key, limitUsd, thresholds },
    tz: tz ?? 'UTC',
    since: since.getTime(),
  }));
}

function rowOf(item: BudgetInput, position: number, now: number): BudgetEntity {
  const { id = randomUUID(), scope, key = null, limitUsd, thresholds, tz = null } = item;
  return Object.assign(new BudgetEntity(), {
    ...{ id, position, scope, key, limitUsd, thresholds, tz },
    since: new Date(now),
  });
}

/** What a budget is; not where it stands in the set. */
function definition({ scope, key, limitUsd, thresholds, tz }: BudgetEntity): string {
  return JSON.stringify([scope, key, limitUsd, thresholds, tz ?? 'UTC']);
}
