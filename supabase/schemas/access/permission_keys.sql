-- permission_keys: the names a mask stands for, in the catalog's order. The opposite of permission_mask.
create function private.permission_keys(p_mask bigint)
returns text[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(pg_catalog.array_agg(c.key order by c.bit), '{}')
  from public.permissions_catalog c
  where p_mask & (1::bigint << c.bit) <> 0;
$$;

revoke all on function private.permission_keys(bigint) from public, anon, authenticated, service_role;
