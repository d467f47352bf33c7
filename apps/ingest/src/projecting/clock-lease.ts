import type { DataSource } from 'typeorm';
import { ClockLeaseEntity } from '../database/entities/clock-lease.entity';

const leaseMs = 10_000;

/** One replica at a time moves statuses on, by the database's clock. */
export class ClockLease {
  constructor(
    private readonly database: DataSource,
    private readonly owner: string,
  ) {}

  /** Takes or renews the lease; false while another replica holds it. */
  async hold(): Promise<boolean> {
    const { owner } = this;
    const { affected } = await this.database
      .createQueryBuilder()
      .update(ClockLeaseEntity)
      .set({ owner, expiresAt: () => `now() + ${leaseMs} * interval '1 millisecond'` })
      .where('owner is null')
      .orWhere('owner = :owner', { owner })
      .orWhere('expires_at < now()')
      .execute();
    return affected === 1;
  }
}
