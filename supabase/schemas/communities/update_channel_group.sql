-- update_channel_group: Gate: manage_channels.
create function private.update_channel_group(p_group_id uuid, p_name text)
returns public.channel_groups
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_community_id uuid := (select g.community_id from public.channel_groups g where g.id = p_group_id);
  v_group public.channel_groups;
begin
  perform private.begin_change(v_community_id, 'manage_channels', 'group');
  v_group := private.require_group(v_community_id, p_group_id);
  if v_name = v_group.name then
    return v_group;
  end if;

  update public.channel_groups g set name = v_name where g.id = p_group_id;
  perform private.announce(
    v_community_id, 'channel_group_updated', pg_catalog.jsonb_build_object('group_id', p_group_id)
  );
  perform private.write_audit(
    v_community_id, 'channel_group_updated', p_group_id::text,
    pg_catalog.jsonb_build_object('name', v_group.name), pg_catalog.jsonb_build_object('name', v_name)
  );
  v_group.name := v_name;
  return v_group;
end
$$;

revoke all on function private.update_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.update_channel_group(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_channel_group(p_group_id uuid, p_name text)
returns public.channel_groups
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_channel_group(p_group_id, p_name); $$;

comment on function public.update_channel_group(uuid, text) is
$$Renames a group of channels. Needs `manage_channels`.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_channel_group(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.update_channel_group(uuid, text) to authenticated;
