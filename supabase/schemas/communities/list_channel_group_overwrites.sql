-- list_channel_group_overwrites: Gate: manage_roles.
create function private.list_channel_group_overwrites(p_group_id uuid)
returns setof public.overwrite
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(
    (select g.community_id from public.channel_groups g where g.id = p_group_id), 'manage_roles', 'group'
  );

  return query
  select
    null::uuid, w.group_id, case when w.role_id is null then 'member' else 'role' end, w.subject_id,
    private.permission_keys(w.allow), private.permission_keys(w.deny)
  from public.channel_group_overwrites w
  where w.group_id = p_group_id
  order by w.role_id is null, w.subject_id;
end
$$;

revoke all on function private.list_channel_group_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channel_group_overwrites(uuid) to authenticated;

create function public.list_channel_group_overwrites(p_group_id uuid)
returns setof public.overwrite
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channel_group_overwrites(p_group_id); $$;

comment on function public.list_channel_group_overwrites(uuid) is
$$Returns what a group allows and denies, roles first. Needs `manage_roles`.
@errors session_required, not_found, missing_permission, timed_out$$;

revoke all on function public.list_channel_group_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channel_group_overwrites(uuid) to authenticated;
