-- change_access: see hold_access. Taken first, before any row, by everything that changes a community's structure.
create function private.change_access(p_community_id uuid)
returns void
language sql volatile security invoker set search_path = ''
as $$
  select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_community_id::text, 0));
$$;

revoke all on function private.change_access(uuid) from public, anon, authenticated, service_role;
