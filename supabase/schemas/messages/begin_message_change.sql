-- begin_message_change: the way into every change of a channel's messages: the community's lock before the gate (see
-- hold_access), the gate, and the channel's head, which makes changes queue. Returns the caller's mask in the channel.
-- An unknown channel is the gate's to refuse.
create function private.begin_message_change(p_channel_id uuid, p_permission text)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_channel_id;
  v_held := private.require_in_channel(p_channel_id, p_permission);
  perform from private.channel_heads h where h.channel_id = p_channel_id for no key update;
  return v_held;
end
$$;

revoke all on function private.begin_message_change(uuid, text) from public, anon, authenticated, service_role;
