-- find_invite: the invite with this code, however it was typed; no row where there is none.
create function private.find_invite(p_code text)
returns setof public.invites
language sql stable security definer set search_path = ''
as $$
  select i.* from public.invites i where i.code = pg_catalog.lower(pg_catalog.btrim(p_code));
$$;

revoke all on function private.find_invite(text) from public, anon, authenticated, service_role;
