-- leave_voice: no gate: it ends what is the caller's own, and tells nothing of a channel where there is none. No limit: there is one for
-- each join. A session that a moderator has moved is left by the channel and the id that it had, too: the device may not know yet.
create function private.leave_voice(p_channel_id uuid, p_device_id uuid, p_session_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  perform private.require_user();
  v_session := private.find_voice_session(p_channel_id, p_device_id, p_session_id);
  if v_session.id is null then
    return false;
  end if;
  perform private.hold_access(v_session.community_id);
  -- Whoever moved it while we waited has left it with another id, in another channel of the same community.
  v_session := private.find_voice_session(p_channel_id, p_device_id, p_session_id);
  perform from private.voice_rooms r where r.channel_id = v_session.channel_id for no key update;
  delete from private.voice_sessions s where s.id = v_session.id;
  return found;
end
$$;

revoke all on function private.leave_voice(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_voice(uuid, uuid, uuid) to authenticated;

create function public.leave_voice(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000',
  p_session_id uuid default null
)
returns boolean
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_voice(p_channel_id, p_device_id, p_session_id); $$;

comment on function public.leave_voice(uuid, uuid, uuid) is
$$Gives the seat of one of the caller's devices in a voice channel up, and says whether it had one.
@param p_device_id as it was given to `join_voice`
@param p_session_id this session alone, and none that the device has taken since; left out: whichever it has there
@errors session_required
@idempotent
@sdk closeSession$$;

revoke all on function public.leave_voice(uuid, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_voice(uuid, uuid, uuid) to authenticated;
