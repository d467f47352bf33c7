import pg from 'pg';
import { startTestPostgres, type TestPostgres } from '../testing';
import { ensureServiceRoles, type ServiceRole } from './service-roles';

const passwords = { ingest: "o'ne \\ of many", gateway: 'another' };
let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server.stop());

async function as<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const run = (url: string, ...statements: string[]) =>
  as(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });

async function prepared(): Promise<Record<ServiceRole | 'owner', string>> {
  const owner = await server.createDatabase();
  const urls = await ensureServiceRoles(owner, passwords);
  await run(
    urls.ingest,
    'create table read_model.session (id text primary key)',
    "insert into read_model.session values ('s1')",
  );
  await run(
    urls.gateway,
    'create table control.secret (value text)',
    "insert into control.secret values ('x')",
  );
  return { owner, ...urls };
}

it('lets each service work in its own schema, and the gateway read the read model, rebuilt ones too', async () => {
  const { ingest, gateway } = await prepared();
  const { rows } = await as(gateway, (client) => client.query('select id from read_model.session'));
  expect(rows).toEqual([{ id: 's1' }]);
  await run(
    ingest,
    'create schema read_model_next',
    'create table read_model_next.session (id text)',
    'alter schema read_model rename to read_model_before',
    'alter schema read_model_next rename to read_model',
  );
  expect((await as(gateway, (client) => client.query('select id from read_model.session'))).rows).toEqual([]);
});

it.each<[string, ServiceRole, string]>([
  ['ingest cannot see accounts', 'ingest', 'select * from control.secret'],
  ['ingest cannot change accounts', 'ingest', 'drop schema control cascade'],
  ['the gateway cannot write the read model', 'gateway', "insert into read_model.session values ('forged')"],
  ['the gateway cannot empty the read model', 'gateway', 'truncate read_model.session'],
  ['the gateway cannot alter the read model', 'gateway', 'alter table read_model.session add column x text'],
  ['the gateway cannot make schemas', 'gateway', 'create schema mine'],
  ['nobody makes things in public', 'ingest', 'create table public.x (y text)'],
  ['ingest makes no roles', 'ingest', 'create role mine superuser'],
  ['the gateway makes no databases', 'gateway', 'create database mine'],
  ['ingest becomes nobody else', 'ingest', 'set role telltale_gateway'],
  ['ingest reads no files', 'ingest', "select pg_read_file('/etc/passwd')"],
  ['the gateway runs no programs', 'gateway', "copy control.secret from program 'true'"],
  ['ingest sees no passwords', 'ingest', 'select rolpassword from pg_authid'],
])('%s', async (_, service, statement) => {
  const urls = await prepared();
  await expect(run(urls[service], statement)).rejects.toMatchObject({ code: '42501' });
});

it('hands over what an earlier version made as the owner of everything, and gives new passwords', async () => {
  const owner = await server.createDatabase();
  await run(
    owner,
    'create schema read_model',
    'create table read_model.session (id text primary key, n serial)',
    'create function read_model.f() returns int language sql as $$ select 1 $$',
    'create schema control',
    'create table control.user_account (username text)',
  );
  const before = await ensureServiceRoles(owner, passwords);
  const after = await ensureServiceRoles(owner, { ...passwords, ingest: 'changed' });
  await run(
    after.ingest,
    'alter table read_model.session add column title text',
    "insert into read_model.session (id) values ('s1')",
    'create or replace function read_model.f() returns int language sql as $$ select 2 $$',
  );
  await run(
    after.gateway,
    'alter table control.user_account add column role text',
    'select id from read_model.session',
  );
  await expect(run(before.ingest, 'select 1')).rejects.toMatchObject({ code: '28P01' });
});

it('may be asked by several at once', async () => {
  const owner = await server.createDatabase();
  const urls = await Promise.all(Array.from({ length: 4 }, () => ensureServiceRoles(owner, passwords)));
  for (const { gateway } of urls) await run(gateway, 'create table if not exists control.x (y text)');
});

it('lets no role into another database of the server', async () => {
  const { ingest } = await prepared();
  const other = await prepared();
  await run(
    other.owner,
    `revoke connect on database ${new URL(other.owner).pathname.slice(1)} from telltale_ingest`,
  );
  const elsewhere = new URL(ingest);
  elsewhere.pathname = new URL(other.owner).pathname;
  await expect(run(elsewhere.href, 'select 1')).rejects.toMatchObject({ code: '42501' });
});
