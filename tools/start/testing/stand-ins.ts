import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The smallest services that the supervisor can run. They use the real servers they are given: the migration makes a
 * table, ingest and watcher speak on NATS, the gateway is ready when PostgreSQL and ingest answer.
 */
export function writeStandIns(dist: string): void {
  const write = (path: string, code: string) => {
    mkdirSync(join(dist, path, '..'), { recursive: true });
    writeFileSync(join(dist, path), code);
  };
  write('apps/ingest/migrate.mjs', migrate('ingest', 'read_model'));
  write('apps/gateway/migrate.mjs', migrate('gateway', 'control'));
  write(
    'apps/gateway/sign-in.mjs',
    "console.log('http://127.0.0.1:' + process.env.TELLTALE_PORT + '/sign-in#token=secret-link');",
  );
  write(
    'apps/ingest/main.mjs',
    `${life}${nats}nc.subscribe('telltale.requests.ingest.spec', { callback: (_, m) => m.respond(String(process.pid)) });`,
  );
  write('apps/watcher/main.mjs', `${life}${nats}${watcher}`);
  write('apps/gateway/main.mjs', `${life}${nats}${gateway}`);
}

/** Another build, in which one program is different. */
export function changedCopy(from: string, to: string, path: string, code: string): void {
  cpSync(from, to, { recursive: true });
  writeFileSync(join(to, path), code);
}

const migrate = (name: string, schema: string) => `
import pg from 'pg';
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
await client.query("DO 'begin if to_regnamespace(''${schema}'') is null then create schema ${schema}; end if; end'");
await client.query('CREATE TABLE IF NOT EXISTS ${schema}.${name}_runs (at timestamptz)');
await client.query('INSERT INTO ${schema}.${name}_runs VALUES (now())');
await client.end();
`;

const life = `
process.on('SIGTERM', () => process.exit(0));
const said = JSON.stringify({ level: 'warn', service: 'x', msg: 'environment', keys: Object.keys(process.env).filter((k) => /URL|PASSWORD/.test(k)).join() });
console.log(said);
`;

const nats = `
import { connect } from '@nats-io/transport-node';
const url = new URL(process.env.NATS_URL);
const nc = await connect({ servers: url.host, user: url.username, pass: url.password, maxReconnectAttempts: -1, reconnectTimeWait: 50, inboxPrefix: '_INBOX_' + (decodeURIComponent(url.username) === 'watcher' ? process.env.TELLTALE_HOST_NAME : decodeURIComponent(url.username)) });
`;

const watcher = `
let done = 0;
setInterval(() => {
  done = Math.min(done + 1, 3);
  const at = new Date().toISOString();
  nc.publish('telltale.heartbeat.watcher.' + process.env.TELLTALE_HOST_NAME, JSON.stringify({
    host: process.env.TELLTALE_HOST_NAME, version: '0', pid: process.pid, startedAt: at, roots: [], files: 7, bytesBehind: 0,
    backfill: { totalBytes: 3e6, doneBytes: done * 1e6, done: done === 3 }, at,
  }));
}, 50);
`;

const gateway = `
import { createServer } from 'node:http';
import pg from 'pg';
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
pool.on('error', () => {});
createServer(async (request, response) => {
  try {
    const { rows } = await pool.query('SELECT count(*)::int AS runs FROM read_model.ingest_runs');
    const ingest = (await nc.request('telltale.requests.ingest.spec', undefined, { timeout: 5000 })).string();
    response.end(JSON.stringify({ runs: rows[0].runs, ingest: Number(ingest), gateway: process.pid }));
  } catch (error) {
    response.writeHead(503).end(String(error));
  }
}).listen(Number(process.env.TELLTALE_PORT), process.env.TELLTALE_HOST);
`;
