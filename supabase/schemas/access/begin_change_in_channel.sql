-- begin_change_in_channel: begin_change for operations on one channel. Returns the caller's mask in the channel.
create function private.begin_change_in_channel(p_channel_id uuid, p_permission text)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  perform private.require_in_channel(p_channel_id, p_permission);
  perform private.change_access(c.community_id) from public.channels c where c.id = p_channel_id;
  v_held := private.require_in_channel(p_channel_id, p_permission);
  perform private.take_token('community_change', (select auth.uid())::text);
  return v_held;
end
$$;

revoke all on function private.begin_change_in_channel(uuid, text) from public, anon, authenticated, service_role;
