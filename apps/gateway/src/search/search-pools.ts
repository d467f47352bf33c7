import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createPool, type Logger } from '@telltale/platform';
import type pg from 'pg';
import { CONFIG, LOGGER } from '../connections';
import type { GatewayConfig } from '../config';

export const searchTimeoutMs = 5_000;
/** What is counted, or looked for everywhere, and not known by then is told as far as the page knows it. */
const countTimeoutMs = 1_000;

/**
 * Connections for searches alone: a search that takes long takes none from the rest of the API, and so few at once
 * leave the database time for others.
 */
@Injectable()
export class SearchPools implements OnApplicationShutdown {
  readonly pages: pg.Pool;
  readonly counts: pg.Pool;

  constructor(@Inject(CONFIG) config: GatewayConfig, @Inject(LOGGER) logger: Logger) {
    const pool = (name: string, statementTimeoutMs: number) =>
      createPool({
        url: config.databaseUrl,
        searchPath: 'read_model',
        applicationName: `telltale-gateway-search-${name}`,
        max: 3,
        statementTimeoutMs,
        // There is an index for all that is asked here; and no plan is worth compiling.
        settings: { enable_seqscan: 'off', jit: 'off' },
        logger,
      });
    this.pages = pool('pages', searchTimeoutMs);
    this.counts = pool('counts', countTimeoutMs);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.pages.end(), this.counts.end()]);
  }
}

/** Whether PostgreSQL ended the statement because its time was up. */
export function isTimeout(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '57014';
}
