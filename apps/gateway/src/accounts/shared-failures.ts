import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Logger } from '@telltale/platform';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { LOGGER } from '../connections';
import { signingKey } from './access-tokens';

/** What is counted of one key: failures within its window, and how long that lasts from now. */
export interface Counted {
  readonly count: number;
  readonly leftMs: number;
}

/** Failures that are counted in one place for all. */
export interface FailureCounts {
  /** Counts one more of each key; in the keys' order. Undefined where the database did not answer. */
  note(keys: readonly string[], windowMs: number): Promise<readonly (Counted | undefined)[] | undefined>;
  /** Never throws: what is not forgotten is so within a window. */
  forget(key: string): Promise<void>;
}

const rowsSchema = z.array(z.object({ key: z.string(), count: z.number(), left_ms: z.number() }));

/** What is over goes along with what comes. In the order of keys: two statements never wait for each other. */
const note = `
  with over as (
    delete from login_failure where key in (
      select key from login_failure where until < now() and key <> all($1::bytea[])
      order by until limit 100 for update skip locked)
  )
  insert into login_failure as known (key, count, until)
  select key, 1, now() + $2 * interval '1 millisecond' from unnest($1::bytea[]) key order by key
  on conflict (key) do update set
    count = case when known.until > now() then known.count + 1 else 1 end,
    until = case when known.until > now() then known.until else excluded.until end
  returning encode(key, 'hex') as key, count, (extract(epoch from until - now()) * 1000)::float8 as left_ms`;

/**
 * Failures to sign in as all replicas count them: a statement for each failure, none for an attempt that succeeds or is
 * refused. Who spreads guesses over replicas gains one more from each, for each learns of the others' with its own next.
 */
@Injectable()
export class SharedFailures implements FailureCounts {
  private hashKey: Promise<Uint8Array> | undefined;

  constructor(
    @InjectDataSource() private readonly database: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async note(
    keys: readonly string[],
    windowMs: number,
  ): Promise<readonly (Counted | undefined)[] | undefined> {
    try {
      const hashes = await this.hashes(keys);
      const rows = rowsSchema.parse(await this.database.query(note, [hashes, windowMs]));
      const byKey = new Map(rows.map((row) => [row.key, { count: row.count, leftMs: row.left_ms }]));
      return hashes.map((hash) => byKey.get(hash.toString('hex')));
    } catch (error) {
      this.logger.warn('a failed sign-in was counted by this replica alone', { error });
      return undefined;
    }
  }

  async forget(key: string): Promise<void> {
    try {
      await this.database.query('delete from login_failure where key = any($1::bytea[])', [
        await this.hashes([key]),
      ]);
    } catch (error) {
      this.logger.debug('failed sign-ins were not forgotten', { error });
    }
  }

  private async hashes(keys: readonly string[]): Promise<Buffer[]> {
    this.hashKey ??= signingKey(this.database).catch((error: unknown) => {
      this.hashKey = undefined; // the next failure asks again
      throw error;
    });
    const secret = await this.hashKey;
    return keys.map((key) => createHmac('sha256', secret).update('login failure\n').update(key).digest());
  }
}
