-- require_voice_session: the live session of a device of the caller's in a channel.
create function private.require_voice_session(p_channel_id uuid, p_device_id uuid)
returns private.voice_sessions
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  select s.* into v_session
  from private.live_voice_sessions s
  where s.user_id = (select auth.uid()) and s.device_id = p_device_id and s.channel_id = p_channel_id;
  if not found then
    perform private.refuse_voice_device(p_device_id);
  end if;
  return v_session;
end
$$;

revoke all on function private.require_voice_session(uuid, uuid) from public, anon, authenticated, service_role;
