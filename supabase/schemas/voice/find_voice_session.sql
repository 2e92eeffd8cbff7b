-- find_voice_session: the session, live or lapsed, that a device of the caller's has in a channel, or had there before moderators moved it: the
-- device may not know yet. With p_session_id, that one alone or what became of it. Null: there is none.
create function private.find_voice_session(p_channel_id uuid, p_device_id uuid, p_session_id uuid default null)
returns private.voice_sessions
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  select s.* into v_session
  from private.voice_sessions s
  where s.user_id = (select auth.uid()) and s.device_id = p_device_id
    and p_channel_id = any (s.former_channel_ids || s.channel_id)
    and (p_session_id is null or p_session_id = any (s.former_ids || s.id));
  return v_session;
end
$$;

revoke all on function private.find_voice_session(uuid, uuid, uuid) from public, anon, authenticated, service_role;
