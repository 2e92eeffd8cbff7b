-- sort_name: what a member is listed and searched by: the nickname, or else the profile's shown name.
create function private.sort_name(p_nickname text, p_display_name text)
returns text
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.lower(coalesce(p_nickname, p_display_name));
$$;

revoke all on function private.sort_name(text, text) from public, anon, authenticated, service_role;

-- A shown name that changes is sorted anew wherever no nickname stands over it.
create function private.sort_members_by_new_name()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.community_members m
  set sort_name = private.sort_name(m.nickname, new.display_name)
  where m.user_id = new.id;
  return null;
end
$$;

revoke all on function private.sort_members_by_new_name() from public, anon, authenticated, service_role;

create trigger access_sort_members_by_new_name
after update of display_name on public.profiles
for each row execute function private.sort_members_by_new_name();
