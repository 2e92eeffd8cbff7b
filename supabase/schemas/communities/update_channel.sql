-- update_channel: Gate: manage_channels in the channel.
create function private.update_channel(p_channel_id uuid, p_name text)
returns public.channels
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := private.require_name(p_name);
  v_channel public.channels;
  v_old_name text;
begin
  perform private.begin_change_in_channel(p_channel_id, 'manage_channels');
  select c.name into v_old_name from public.channels c where c.id = p_channel_id;
  update public.channels c set name = v_name where c.id = p_channel_id returning c.* into v_channel;
  if v_name = v_old_name then
    return v_channel;
  end if;

  perform private.announce(
    v_channel.community_id, 'channel_updated', pg_catalog.jsonb_build_object('channel_id', p_channel_id)
  );
  perform private.write_audit(
    v_channel.community_id, 'channel_updated', p_channel_id::text,
    pg_catalog.jsonb_build_object('name', v_old_name), pg_catalog.jsonb_build_object('name', v_name)
  );
  return v_channel;
end
$$;

revoke all on function private.update_channel(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.update_channel(uuid, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_channel(p_channel_id uuid, p_name text)
returns public.channels
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_channel(p_channel_id, p_name); $$;

comment on function public.update_channel(uuid, text) is
$$Renames a channel. Needs `manage_channels` in it.
@param p_name 1 to 100 characters
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.update_channel(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.update_channel(uuid, text) to authenticated;
