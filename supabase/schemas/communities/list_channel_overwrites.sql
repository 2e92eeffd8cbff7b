-- list_channel_overwrites: Gate: manage_roles in the channel.
create function private.list_channel_overwrites(p_channel_id uuid)
returns setof public.overwrite
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'manage_roles');

  return query
  select
    w.channel_id, null::uuid, case when w.role_id is null then 'member' else 'role' end, w.subject_id,
    private.permission_keys(w.allow), private.permission_keys(w.deny)
  from public.channel_overwrites w
  where w.channel_id = p_channel_id
  order by w.role_id is null, w.subject_id;
end
$$;

revoke all on function private.list_channel_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_channel_overwrites(uuid) to authenticated;

create function public.list_channel_overwrites(p_channel_id uuid)
returns setof public.overwrite
language sql stable security invoker set search_path = ''
as $$ select * from private.list_channel_overwrites(p_channel_id); $$;

comment on function public.list_channel_overwrites(uuid) is
$$Returns what a channel allows and denies, roles first. Needs `manage_roles` in the channel.
@errors session_required, not_found, missing_permission, timed_out$$;

revoke all on function public.list_channel_overwrites(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_channel_overwrites(uuid) to authenticated;
