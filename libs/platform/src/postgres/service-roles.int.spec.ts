import { startTestPostgres, type TestPostgres } from '../testing';
import { ensureServiceRoles, sealAuditTrail, type ServiceRole } from './service-roles';
import { withConnection } from './with-connection';

const passwords = { ingest: "o'ne \\ of many", gateway: 'another' };
let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server.stop());

const run = (url: string, ...statements: string[]) =>
  withConnection(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });

/** As the gateway's migration makes it. */
const trail = [
  'create table control.audit_entry (id bigint generated always as identity primary key, action text)',
  `create function control.refuse_audit_change() returns trigger language plpgsql as
     $$ begin raise exception 'append-only' using errcode = 'insufficient_privilege'; end $$`,
  `create trigger append_only before update or delete or truncate on control.audit_entry
     for each statement execute function control.refuse_audit_change()`,
  "insert into control.audit_entry (action) values ('first')",
];

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
    ...trail,
  );
  await sealAuditTrail(owner);
  return { owner, ...urls };
}

it('lets each service work in its own schema, and the gateway read the read model, rebuilt ones too', async () => {
  const { ingest, gateway } = await prepared();
  const { rows } = await withConnection(gateway, (client) =>
    client.query('select id from read_model.session'),
  );
  expect(rows).toEqual([{ id: 's1' }]);
  await run(
    ingest,
    'create schema read_model_next',
    'create table read_model_next.session (id text)',
    'alter schema read_model rename to read_model_before',
    'alter schema read_model_next rename to read_model',
  );
  expect(
    (await withConnection(gateway, (client) => client.query('select id from read_model.session'))).rows,
  ).toEqual([]);
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
  ['ingest cannot see the audit trail', 'ingest', 'select * from control.audit_entry'],
  ['the gateway cannot change the audit trail', 'gateway', "update control.audit_entry set action = 'x'"],
  ['the gateway cannot shorten the audit trail', 'gateway', 'delete from control.audit_entry'],
  ['the gateway cannot empty the audit trail', 'gateway', 'truncate control.audit_entry'],
  ['the gateway cannot drop the audit trail', 'gateway', 'drop table control.audit_entry'],
  ['the gateway cannot drop what the trail stands in', 'gateway', 'drop schema control cascade'],
  ['the gateway cannot rename what the trail stands in', 'gateway', 'alter schema control rename to x'],
  ['the gateway cannot put another trail there', 'gateway', 'alter table control.audit_entry rename to x'],
  ['the gateway cannot drop its trigger', 'gateway', 'drop trigger append_only on control.audit_entry'],
  [
    'the gateway cannot turn its triggers off',
    'gateway',
    'alter table control.audit_entry disable trigger all',
  ],
  ['the gateway cannot turn triggers off', 'gateway', "set session_replication_role = 'replica'"],
  [
    'the gateway cannot drop what the trigger does',
    'gateway',
    'drop function control.refuse_audit_change cascade',
  ],
  [
    'the gateway cannot change what the trigger does',
    'gateway',
    `create or replace function control.refuse_audit_change() returns trigger language plpgsql
       as $$ begin return null; end $$`,
  ],
  [
    'the gateway cannot hide new entries',
    'gateway',
    'create rule hidden as on insert to control.audit_entry do instead nothing',
  ],
  [
    'the gateway cannot drop entries as they come',
    'gateway',
    'create trigger x before insert on control.audit_entry for each row execute function control.refuse_audit_change()',
  ],
  [
    'the gateway cannot take the trail back',
    'gateway',
    'alter table control.audit_entry owner to telltale_gateway',
  ],
  ['the gateway does not become its owner', 'gateway', 'set role telltale_audit'],
  ['the gateway grants itself nothing', 'gateway', 'grant telltale_audit to telltale_gateway'],
])('%s', async (_, service, statement) => {
  const urls = await prepared();
  await expect(run(urls[service], statement)).rejects.toMatchObject({ code: '42501' });
});

it('lets the gateway write on in a sealed trail, and make tables beside it', async () => {
  const { owner, gateway } = await prepared();
  await ensureServiceRoles(owner, passwords);
  await run(
    gateway,
    "insert into control.audit_entry (action) values ('second')",
    'create table control.later (x text)',
    'alter table control.later add column y text',
    'drop table control.later',
    "insert into control.secret values ('y')",
  );
  const { rows } = await withConnection(gateway, (client) =>
    client.query('select action from control.audit_entry order by id'),
  );
  expect(rows).toEqual([{ action: 'first' }, { action: 'second' }]);
});

it('seals a trail that the gateway owned until now, with what it had granted', async () => {
  const owner = await server.createDatabase();
  const before = await ensureServiceRoles(owner, passwords);
  // As earlier versions left it.
  await run(owner, 'alter schema control owner to telltale_gateway');
  await run(before.gateway, ...trail, 'grant delete, trigger on control.audit_entry to public');
  const { gateway } = await ensureServiceRoles(owner, passwords);
  for (const statement of ['delete from control.audit_entry', 'drop table control.audit_entry'])
    await expect(run(gateway, statement)).rejects.toMatchObject({ code: '42501' });
  const { rows } = await withConnection(owner, (client) =>
    client.query("select relacl::text from pg_class where oid = 'control.audit_entry'::regclass"),
  );
  expect(rows).toEqual([
    { relacl: '{telltale_audit=arwdDxtm/telltale_audit,telltale_gateway=ar/telltale_audit}' },
  ]);
});

it('is owned by a role that nobody signs in as', async () => {
  const { owner } = await prepared();
  const { rows } = await withConnection(owner, (client) =>
    client.query(
      `select rolcanlogin, rolsuper, (select count(*)::int from pg_auth_members where roleid = r.oid) as members
       from pg_roles r where rolname = 'telltale_audit'`,
    ),
  );
  expect(rows).toEqual([{ rolcanlogin: false, rolsuper: false, members: 0 }]);
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
