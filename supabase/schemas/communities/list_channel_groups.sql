-- list_channel_groups: Gate: membership.
create function private.list_channel_groups(p_community_id uuid)
returns setof public.channel_groups
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id);

  return query
  select g.* from public.channel_groups g where g.community_id = p_community_id order by g.position, g.id;
end
$$;

revoke all on function private.list_channel_groups(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channel_groups(uuid) to authenticated;

create function public.list_channel_groups(p_community_id uuid)
returns setof public.channel_groups
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channel_groups(p_community_id); $$;

comment on function public.list_channel_groups(uuid) is
$$Returns the groups of a community in the order they are shown.
@errors session_required, not_found$$;

revoke all on function public.list_channel_groups(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channel_groups(uuid) to authenticated;
