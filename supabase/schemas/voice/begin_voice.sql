-- begin_voice: the gate of what somebody does in a voice channel for themselves: the community's lock, shared, before the gate (see
-- hold_access), then connect.
create function private.begin_voice(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.hold_access(r.community_id) from private.voice_rooms r where r.channel_id = p_channel_id;
  perform private.require_in_channel(p_channel_id, 'connect');
  perform private.require_voice_room(p_channel_id);
end
$$;

revoke all on function private.begin_voice(uuid) from public, anon, authenticated, service_role;
