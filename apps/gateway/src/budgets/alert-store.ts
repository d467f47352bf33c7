import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { alertSchema, type Alert, type AlertList, type AlertQuery, type NewAlert } from '@telltale/contracts';
import type { BudgetRule } from '@telltale/domain';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AlertEntity } from '../database/alert.entity';
import { decodeCursor, encodeCursor } from '../sessions/cursor';

/** A threshold of one occasion (see `occasionName`), to be told once. */
export interface Telling {
  readonly rule: BudgetRule;
  readonly occasion: string;
  readonly threshold: number;
  readonly alert: NewAlert;
}

/** An alert's id: 18 digits fit into a bigint. */
const cursorSchema = z.string().regex(/^\d{1,18}$/);
/** Alerts that were raised and not published for so long: who raised them is gone. */
const untoldMs = 5000;

/** Alerts, for ever. Whoever inserts one first raises it: the table decides among replicas. */
@Injectable()
export class AlertStore {
  constructor(@InjectDataSource() private readonly database: DataSource) {}

  /**
   * Undefined where this threshold of the occasion, or a higher one, was told before, or where the budget is another by
   * now. @param now epoch ms
   */
  async raise({ rule, occasion, threshold, alert }: Telling, now: number): Promise<Alert | undefined> {
    const at = new Date(now);
    const rows: { id: string }[] = await this.database.query(
      `with marked as (
         insert into budget_mark (occasion_hash, threshold)
         select $1, $2::float8 where exists (select 1 from budget where id = $3 and since = $4)
         on conflict (occasion_hash) do update set threshold = excluded.threshold
           where budget_mark.threshold < excluded.threshold
         returning 1)
       insert into alert (kind, at, session_id, message, data)
       select $5, $6::timestamptz, $7, $8, $9::jsonb from marked returning id::text as id`,
      [
        ...[hashOf(occasion), threshold, rule.id, new Date(rule.since)],
        ...[alert.kind, at, alert.sessionId ?? null, alert.message, JSON.stringify(alert.data)],
      ],
    );
    return rows[0] && { ...alert, id: rows[0].id, at: at.toISOString() };
  }

  /** The highest threshold told of each occasion that has one. */
  async told(occasions: readonly string[]): Promise<Map<string, number>> {
    const byHash = new Map(occasions.map((occasion) => [hashOf(occasion), occasion]));
    const rows: { occasion_hash: string; threshold: number }[] = await this.database.query(
      'select occasion_hash, threshold from budget_mark where occasion_hash = any($1)',
      [[...byHash.keys()]],
    );
    return new Map(rows.map((row) => [byHash.get(row.occasion_hash) ?? '', row.threshold]));
  }

  /** Newest first. @throws ProblemException 400 for a cursor of something else */
  async list({ kind, sessionId, limit, cursor }: AlertQuery): Promise<AlertList> {
    const query = this.alerts
      .createQueryBuilder('a')
      .orderBy('a.id', 'DESC')
      .limit(limit + 1);
    if (kind !== undefined) query.andWhere('a.kind = :kind', { kind });
    if (sessionId !== undefined) query.andWhere('a.sessionId = :sessionId', { sessionId });
    if (cursor !== undefined)
      query.andWhere('a.id < :before', { before: decodeCursor(cursorSchema, cursor, 'cursor') });
    const rows = await query.getMany();
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      items: page.flatMap(alertOf),
      nextCursor: last && rows.length > limit ? encodeCursor(String(last.id)) : null,
    };
  }

  async published(id: string, now: number): Promise<void> {
    await this.alerts.update({ id: BigInt(id) }, { toldAt: new Date(now) });
  }

  /** Whose publishing was never noted. */
  async untold(now: number): Promise<Alert[]> {
    const rows = await this.alerts
      .createQueryBuilder('a')
      .where('a.toldAt is null and a.at < :before', { before: new Date(now - untoldMs) })
      .orderBy('a.id')
      .limit(100)
      .getMany();
    return rows.flatMap(alertOf);
  }

  /** Raised after this one, the newest first; undefined: the newest alone. */
  async after(id: string | undefined): Promise<Alert[]> {
    const query = this.alerts
      .createQueryBuilder('a')
      .orderBy('a.id', 'DESC')
      .limit(id === undefined ? 1 : 200);
    if (id !== undefined) query.where('a.id > :id', { id });
    return (await query.getMany()).flatMap(alertOf);
  }

  private get alerts() {
    return this.database.getRepository(AlertEntity);
  }
}

/** A path may be longer than an index can hold. */
function hashOf(occasion: string): string {
  return createHash('sha256').update(occasion).digest('base64url');
}

/** One that a later version raised in a shape unknown here is left out. */
function alertOf({ id, kind, at, sessionId, message, data }: AlertEntity): Alert[] {
  const told = {
    id: String(id),
    kind,
    at: at.toISOString(),
    message,
    data,
    ...(sessionId === null ? {} : { sessionId }),
  };
  const parsed = alertSchema.safeParse(told);
  return parsed.success ? [parsed.data] : [];
}
