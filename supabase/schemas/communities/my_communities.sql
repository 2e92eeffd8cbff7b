create function private.my_communities()
returns setof public.communities
language sql stable security definer set search_path = ''
as $$
  select c.*
  from public.community_members m
  join public.communities c on c.id = m.community_id
  where m.user_id = private.require_user()
  order by m.joined_at, c.id;
$$;

revoke all on function private.my_communities() from public, anon, authenticated, service_role;
grant execute on function private.my_communities() to authenticated;

create function public.my_communities()
returns setof public.communities
language sql stable security invoker set search_path = ''
as $$ select * from private.my_communities(); $$;

comment on function public.my_communities() is
$$Returns the communities the caller is a member of, in the order of joining.
@errors session_required
@sdk mine$$;

revoke all on function public.my_communities() from public, anon, authenticated, service_role;
grant execute on function public.my_communities() to authenticated;
