import pg from 'pg';

/** Roles of the services, each owning the schema it writes. */
export const serviceRoles = { ingest: 'telltale_ingest', gateway: 'telltale_gateway' } as const;
export type ServiceRole = keyof typeof serviceRoles;

/**
 * Makes the services' roles, or gives those that are there these passwords, and what belongs to each: ingest writes the
 * read model and cannot see accounts; the gateway keeps accounts and settings and reads the read model. Neither may make
 * databases or roles. What an earlier version made as the owner of everything is handed over. Safe to run again.
 *
 * @param ownerUrl of the database, as somebody who may make roles
 * @returns the database's URL for each role
 */
export async function ensureServiceRoles(
  ownerUrl: string,
  passwords: Readonly<Record<ServiceRole, string>>,
): Promise<Record<ServiceRole, string>> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('begin');
    // Two at once would be told "tuple concurrently updated": they take turns.
    await client.query("select pg_advisory_xact_lock(hashtext('telltale-service-roles'))");
    for (const statement of roleStatements(client.database ?? '', passwords)) await client.query(statement);
    await client.query('commit');
  } finally {
    await client.end();
  }
  const urlOf = (service: ServiceRole) => {
    const url = new URL(ownerUrl);
    url.username = serviceRoles[service];
    url.password = passwords[service];
    return url.href;
  };
  return { ingest: urlOf('ingest'), gateway: urlOf('gateway') };
}

/** In order; each may be run again. */
function roleStatements(database: string, passwords: Readonly<Record<ServiceRole, string>>): string[] {
  const name = pg.escapeIdentifier(database);
  const { ingest, gateway } = serviceRoles;
  return [
    ...[login(ingest, passwords.ingest), login(gateway, passwords.gateway)].flat(),
    `revoke all on database ${name} from public`,
    // A rebuild makes a schema beside the one that is read.
    `grant connect, create on database ${name} to ${ingest}`,
    `grant connect on database ${name} to ${gateway}`,
    'revoke all on schema public from public',
    `create schema if not exists read_model`,
    `create schema if not exists control`,
    handOver('read_model', ingest),
    handOver('control', gateway),
    `alter default privileges for role ${ingest} grant usage on schemas to ${gateway}`,
    `alter default privileges for role ${ingest} grant select on tables to ${gateway}`,
    `grant usage on schema read_model to ${gateway}`,
    `grant select on all tables in schema read_model to ${gateway}`,
  ];
}

function login(role: string, password: string): string[] {
  return [
    `do $$ begin
       if not exists (select from pg_roles where rolname = '${role}') then create role ${role}; end if;
     end $$`,
    `alter role ${role} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${pg.escapeLiteral(password)}`,
  ];
}

/** The schema, and all that is in it and not yet the role's. Sequences and indexes go with their tables. */
function handOver(schema: string, role: string): string {
  return `do $$
declare it record;
begin
  if (select pg_get_userbyid(nspowner) from pg_namespace where nspname = '${schema}') <> '${role}' then
    alter schema ${schema} owner to ${role};
  end if;
  for it in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = '${schema}' and c.relkind in ('r', 'p', 'v', 'm') and pg_get_userbyid(c.relowner) <> '${role}' loop
    execute format('alter table %s owner to ${role}', it.name);
  end loop;
  for it in select p.oid::regprocedure as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where n.nspname = '${schema}' and pg_get_userbyid(p.proowner) <> '${role}' loop
    execute format('alter routine %s owner to ${role}', it.name);
  end loop;
end $$`;
}
