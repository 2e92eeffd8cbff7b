-- delete_channel_group: nobody's rights change: a synced channel carries its overwrites itself. Gate: manage_channels.
create function private.delete_channel_group(p_group_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_group public.channel_groups;
begin
  perform private.begin_change(v_community_id, 'manage_channels', 'group');
  v_group := private.require_group(v_community_id, p_group_id);

  update public.channels c
  set
    group_id = null,
    is_synced = false,
    position = c.position + (
      select pg_catalog.count(*) from public.channels k where k.community_id = v_community_id and k.group_id is null
    )
  where c.community_id = v_community_id and c.group_id = p_group_id;
  delete from public.channel_groups g where g.id = p_group_id;
  update public.channel_groups g
  set position = g.position - 1
  where g.community_id = v_community_id and g.position > v_group.position;

  perform private.announce(
    v_community_id, 'channel_group_deleted', pg_catalog.jsonb_build_object('group_id', p_group_id)
  );
  perform private.write_audit(
    v_community_id, 'channel_group_deleted', p_group_id::text,
    pg_catalog.jsonb_build_object('name', v_group.name), p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_channel_group(uuid, text) to authenticated;

create function public.delete_channel_group(p_group_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_channel_group(p_group_id, p_reason); $$;

comment on function public.delete_channel_group(uuid, text) is
$$Deletes a group. Its channels stay, with their overwrites, after those without a group. Needs `manage_channels`.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_channel_group(uuid, text) to authenticated;
