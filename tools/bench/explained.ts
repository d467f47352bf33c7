import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** What a plan does to a table or an index, as its line says it. */
const scan =
  /(Index Only Scan|Index Scan|Bitmap Index Scan|Seq Scan)(?: Backward)?(?: using (\w+))? on (?:\w+\.)?(\w+)[^\n]*/g;

/** Reads the plans of what the gateway asks from the server's own log: of the statements that really ran. */
export class Explained {
  private constructor(
    private readonly client: pg.Client,
    private readonly logFile: string,
  ) {}

  /** @param databaseUrl as its owner, who may change the server's settings */
  static async start(databaseUrl: string, home: string): Promise<Explained> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    for (const sql of [
      `alter system set session_preload_libraries = 'auto_explain'`,
      `alter system set auto_explain.log_min_duration = '0'`,
      `alter system set auto_explain.log_analyze = 'on'`,
      `alter system set auto_explain.log_timing = 'off'`,
      `alter system set auto_explain.log_level = 'warning'`,
      'select pg_reload_conf()',
    ])
      await client.query(sql);
    await renewConnections(client);
    return new Explained(client, join(home, 'logs', 'postgres.log'));
  }

  /** The scans of all statements that `ask` brings about, each once. */
  async scansOf(ask: () => Promise<unknown>): Promise<string[]> {
    const from = statSync(this.logFile).size;
    await ask();
    await pause(200); // the log is written behind the answer
    const said = readFileSync(this.logFile).subarray(from).toString('utf8');
    const scans = [...said.matchAll(scan)]
      .filter(([line]) => !line.includes('never executed'))
      .map(([, kind, index, relation]) => `${kind} ${index ?? relation}`);
    return [...new Set(scans)];
  }

  async end(): Promise<void> {
    await this.client.query('alter system reset all').catch(() => undefined);
    await this.client.end();
  }
}

/** Settings of a session count for new ones. */
async function renewConnections(client: pg.Client): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'telltale-gateway%'`,
  );
  await pause(500);
}
