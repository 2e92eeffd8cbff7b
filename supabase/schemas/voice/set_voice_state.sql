-- set_voice_state: Gate: connect, and a session. Limits: voice_state per user. What is left out stays.
create function private.set_voice_state(
  p_channel_id uuid,
  p_is_self_muted boolean,
  p_is_self_deafened boolean,
  p_device_id uuid
)
returns public.voice_session
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_old private.voice_sessions;
  v_session private.voice_sessions;
begin
  perform private.begin_voice(p_channel_id);
  perform private.take_token('voice_state', (select auth.uid())::text);
  perform from private.voice_rooms r where r.channel_id = p_channel_id for no key update;
  v_old := private.require_voice_session(p_channel_id, p_device_id);
  update private.voice_sessions s
  set
    is_self_muted = coalesce(p_is_self_muted, s.is_self_muted),
    is_self_deafened = coalesce(p_is_self_deafened, s.is_self_deafened)
  where s.id = v_old.id
  returning s.* into v_session;
  if (v_session.is_self_muted, v_session.is_self_deafened) <> (v_old.is_self_muted, v_old.is_self_deafened) then
    perform private.tell_roster(p_channel_id, p_present => array[v_session.id]);
  end if;
  return private.described_voice_session(v_session);
end
$$;

revoke all on function private.set_voice_state(uuid, boolean, boolean, uuid) from public, anon, authenticated, service_role;
grant execute on function private.set_voice_state(uuid, boolean, boolean, uuid) to authenticated;

create function public.set_voice_state(
  p_channel_id uuid,
  p_is_self_muted boolean default null,
  p_is_self_deafened boolean default null,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns public.voice_session
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.set_voice_state(p_channel_id, p_is_self_muted, p_is_self_deafened, p_device_id); $$;

comment on function public.set_voice_state(uuid, boolean, boolean, uuid) is
$$Tells who is in a voice channel that the caller muted or deafened themselves there, or do no longer; what is left out stays. `expired`: the device has no session
there. Needs `connect`.
@param p_device_id as it was given to `join_voice`
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, expired, rate_limited
@idempotent
@sdk setState$$;

revoke all on function public.set_voice_state(uuid, boolean, boolean, uuid) from public, anon, authenticated, service_role;
grant execute on function public.set_voice_state(uuid, boolean, boolean, uuid) to authenticated;
