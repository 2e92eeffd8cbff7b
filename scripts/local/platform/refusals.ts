import type { Database } from '../../database/database.ts';

/** The database cannot be given the platform's shape. The message is one sentence for the person at the terminal. */
export class PlatformRefusal extends Error {
  override name = 'PlatformRefusal';
}

export interface ServerFacts {
  /** As in server_version_num: 150004 is 15.4. */
  version_number: number;
  version: string;
  current_role: string;
  is_superuser: boolean;
  is_supabase: boolean;
  postgres_is_superuser: boolean;
  has_pgcrypto: boolean;
}

const readServerFacts = `
  select
    current_setting('server_version_num')::int as version_number,
    current_setting('server_version') as version,
    current_user::text as current_role,
    (select rolsuper from pg_catalog.pg_roles where rolname = current_user) as is_superuser,
    exists (
      select
      from pg_catalog.pg_class as c
      where c.relname = 'schema_migrations'
        and c.relnamespace = to_regnamespace('auth')
        and c.relowner = to_regrole('supabase_auth_admin')
    ) or exists (
      select
      from pg_catalog.pg_settings
      where name like 'supautils.%'
        or (name like '%preload_libraries' and setting like '%supautils%')
    ) as is_supabase,
    exists (
      select from pg_catalog.pg_roles where rolname = 'postgres' and rolsuper
    ) as postgres_is_superuser,
    exists (
      select from pg_catalog.pg_available_extensions where name = 'pgcrypto'
    ) as has_pgcrypto
`;

/** Why this server cannot or must not be changed, as one sentence; undefined when it can. */
export function reasonToRefuse(server: ServerFacts): string | undefined {
  if (server.is_supabase) {
    return 'This database already is a Supabase project: apply the migrations with `supabase db push` and leave its roles and schemas alone.';
  }
  if (server.version_number < 150_000) {
    return `This server runs PostgreSQL ${server.version}, and 15 is the oldest that will do.`;
  }
  if (!server.is_superuser) {
    return `The role "${server.current_role}" is no superuser, and only a superuser can set up the platform's roles.`;
  }
  if (server.postgres_is_superuser) {
    return (
      'A superuser of this server is called "postgres", a name the platform needs for a role that is none: ' +
      'run `create role supabase_admin superuser login`, connect as it, and run `alter role postgres rename to bootstrap`.'
    );
  }
  if (!server.has_pgcrypto) {
    return 'The extension pgcrypto is not available on this server: install the contrib package of its PostgreSQL version.';
  }
  return undefined;
}

/** Says no before anything is changed. @throws {PlatformRefusal} */
export async function refuseUnfitServer(database: Database): Promise<void> {
  const [server] = await database.query<ServerFacts>(readServerFacts);
  const reason =
    server === undefined ? 'The server did not say what it is.' : reasonToRefuse(server);
  if (reason !== undefined) throw new PlatformRefusal(reason);
}
