import pg from 'pg';
import { withConnection } from './with-connection';

/** Roles of the services, each owning the schema it writes. */
export const serviceRoles = { ingest: 'telltale_ingest', gateway: 'telltale_gateway' } as const;
export type ServiceRole = keyof typeof serviceRoles;
/** Owns the schema `control` and the audit trail in it. Nobody signs in as it, and nobody may become it. */
const auditOwner = 'telltale_audit';

/**
 * Makes the services' roles, or gives those that are there these passwords, and what belongs to each: ingest writes the
 * read model and cannot see accounts; the gateway keeps accounts and settings and reads the read model. Neither may make
 * databases or roles. What an earlier version made as the owner of everything is handed over, and the audit trail is
 * sealed as {@link sealAuditTrail} does. Safe to run again.
 *
 * @param ownerUrl of the database, as somebody who may make roles
 * @returns the database's URL for each role
 */
export async function ensureServiceRoles(
  ownerUrl: string,
  passwords: Readonly<Record<ServiceRole, string>>,
): Promise<Record<ServiceRole, string>> {
  await inTurn(ownerUrl, (database) => [...roleStatements(database, passwords), sealTrail]);
  const urlOf = (service: ServiceRole) => {
    const url = new URL(ownerUrl);
    url.username = serviceRoles[service];
    url.password = passwords[service];
    return url.href;
  };
  return { ingest: urlOf('ingest'), gateway: urlOf('gateway') };
}

/**
 * Takes the audit trail from the role that made it: from then on the gateway adds entries and reads them, and can
 * neither change, empty nor drop the table, nor take its trigger away. Needed once, after the gateway's schema was
 * made by its own role; without the table it does nothing. Safe to run again.
 *
 * @param ownerUrl as of {@link ensureServiceRoles}, which was called before
 */
export async function sealAuditTrail(ownerUrl: string): Promise<void> {
  await inTurn(ownerUrl, () => [sealTrail]);
}

/** All or nothing. Two at once would be told "tuple concurrently updated": they take turns. */
async function inTurn(ownerUrl: string, statementsFor: (database: string) => string[]): Promise<void> {
  await withConnection(ownerUrl, async (client) => {
    await client.query('begin');
    await client.query("select pg_advisory_xact_lock(hashtext('telltale-service-roles'))");
    for (const statement of statementsFor(client.database ?? '')) await client.query(statement);
    await client.query('commit');
  });
}

/** In order; each may be run again. */
function roleStatements(database: string, passwords: Readonly<Record<ServiceRole, string>>): string[] {
  const name = pg.escapeIdentifier(database);
  const { ingest, gateway } = serviceRoles;
  return [
    ...[login(ingest, passwords.ingest), login(gateway, passwords.gateway)].flat(),
    made(auditOwner),
    `alter role ${auditOwner} nologin nosuperuser nocreatedb nocreaterole noreplication nobypassrls password null`,
    `revoke all on database ${name} from public`,
    // A rebuild makes a schema beside the one that is read.
    `grant connect, create on database ${name} to ${ingest}`,
    `grant connect on database ${name} to ${gateway}`,
    'revoke all on schema public from public',
    `create schema if not exists read_model`,
    `create schema if not exists control`,
    ...[handOverSchema('read_model', ingest), handOver('read_model', ingest)],
    // Whose schema it is may drop what others have in it: the gateway only makes tables here.
    ...[handOverSchema('control', auditOwner), handOver('control', gateway)],
    `grant usage, create on schema control to ${gateway}`,
    `alter default privileges for role ${ingest} grant usage on schemas to ${gateway}`,
    `alter default privileges for role ${ingest} grant select on tables to ${gateway}`,
    `grant usage on schema read_model to ${gateway}`,
    `grant select on all tables in schema read_model to ${gateway}`,
  ];
}

function made(role: string): string {
  return `do $$ begin
       if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if;
     end $$`;
}

function login(role: string, password: string): string[] {
  return [
    made(role),
    `alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${pg.escapeLiteral(password)}`,
  ];
}

function handOverSchema(schema: string, role: string): string {
  return `do $$ begin
  if (select pg_get_userbyid(nspowner) from pg_namespace where nspname = '${schema}') <> '${role}' then
    alter schema ${schema} owner to ${role};
  end if;
end $$`;
}

/** All that is in the schema and not yet the role's, or sealed. Sequences and indexes go with their tables. */
function handOver(schema: string, role: string): string {
  return `do $$
declare it record;
begin
  for it in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = '${schema}' and c.relkind in ('r', 'p', 'v', 'm')
        and pg_get_userbyid(c.relowner) not in ('${role}', '${auditOwner}') loop
    execute format('alter table %s owner to ${role}', it.name);
  end loop;
  for it in select p.oid::regprocedure as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = '${schema}' and pg_get_userbyid(p.proowner) not in ('${role}', '${auditOwner}') loop
    execute format('alter routine %s owner to ${role}', it.name);
  end loop;
end $$`;
}

/** Rights that the gateway gave itself or others as the owner go with it. */
const sealTrail = `do $$
declare it record;
begin
  if to_regclass('control.audit_entry') is null then return; end if;
  alter table control.audit_entry owner to ${auditOwner};
  for it in select p.oid::regprocedure as name from pg_proc p join pg_trigger t on t.tgfoid = p.oid
      where t.tgrelid = 'control.audit_entry'::regclass and not t.tgisinternal loop
    execute format('alter routine %s owner to ${auditOwner}', it.name);
  end loop;
  revoke all on control.audit_entry from public, ${serviceRoles.ingest}, ${serviceRoles.gateway};
  grant select, insert on control.audit_entry to ${serviceRoles.gateway};
end $$`;
