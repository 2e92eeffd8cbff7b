-- list_channels: what the caller sees, and nothing of what the caller does not. Gate: membership; then the resolved
-- view right of each channel.
create function private.list_channels(p_community_id uuid)
returns setof public.channels
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
begin
  perform private.require_in_community(p_community_id);

  return query
  select c.*
  from (
    select ca.channel_id
    from public.community_members m
    join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.permissions & v_view <> 0
    where m.community_id = p_community_id
      and m.user_id = (select auth.uid())
      and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
    union all
    -- Between the end of a temporary grant and the sweep: see channel_permissions.
    select r.place_id
    from public.community_members m
    cross join lateral private.rights_now(m.community_id, m.user_id) r
    where m.community_id = p_community_id
      and m.user_id = (select auth.uid())
      and m.access_expires_at <= pg_catalog.now()
      and r.permissions & v_view <> 0
  ) visible
  join public.channels c on c.community_id = p_community_id and c.id = visible.channel_id
  left join public.channel_groups g on g.community_id = c.community_id and g.id = c.group_id
  order by g.position nulls first, g.id, c.position, c.id;
end
$$;

revoke all on function private.list_channels(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channels(uuid) to authenticated;

create function public.list_channels(p_community_id uuid)
returns setof public.channels
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channels(p_community_id); $$;

comment on function public.list_channels(uuid) is
$$Returns the channels of a community that the caller may view, in the order they are shown: those without a group
first, then group by group.
@errors session_required, not_found$$;

revoke all on function public.list_channels(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channels(uuid) to authenticated;
