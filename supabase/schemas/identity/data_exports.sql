-- data_exports: who has asked for what is kept about them, and how far that is. The Edge Function export-data claims one, reads it in pages
-- and puts it into the bucket `exports`.
create table private.data_exports (
  id uuid primary key default private.uuid_v7(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'working', 'ready', 'failed')),
  requested_at timestamptz not null default pg_catalog.now(),
  claimed_at timestamptz,
  tries integer not null default 0,
  expires_at timestamptz check ((expires_at is not null) = (state = 'ready')),
  size bigint check ((size is not null) = (state = 'ready')),
  error text
);

create index data_exports_user_id on private.data_exports (user_id, id);
-- One that is under way for each.
create unique index data_exports_under_way on private.data_exports (user_id) where state in ('waiting', 'working');
create index data_exports_state on private.data_exports (requested_at) where state in ('waiting', 'working');

revoke all on table private.data_exports from public, anon, authenticated, service_role;

-- Where an export lies in its bucket.
create function private.export_path(p_export private.data_exports)
returns text
language sql immutable security invoker set search_path = ''
as $$ select p_export.user_id || '/' || p_export.id || '.json.gz'; $$;

revoke all on function private.export_path(private.data_exports) from public, anon, authenticated, service_role;
