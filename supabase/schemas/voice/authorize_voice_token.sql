-- authorize_voice_token: what a token for the SFU may say, for the Edge Function voice-token, which asks as the caller.
-- Gate: connect, and a live session of the device. Limits: voice_token per user.
-- The session's row is written, and so locked until the commit: whoever ends the session or changes its rights comes either before, and
-- then there is no token or one that says so, or after, sees that there is one, and has the SFU told (voice_sfu_changes).
create function private.authorize_voice_token(p_channel_id uuid, p_device_id uuid)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_session private.voice_sessions;
begin
  perform private.require_in_channel(p_channel_id, 'connect');
  perform private.take_token('voice_token', v_user_id::text);

  if (private.require_voice_room(p_channel_id)).transport <> 'sfu' then
    perform private.fail('conflict', 'In this channel everybody sends to everybody: there is no SFU.', 409);
  end if;

  update private.voice_sessions s
  set sfu_token_at = pg_catalog.clock_timestamp()
  where s.user_id = v_user_id and s.device_id = p_device_id and s.channel_id = p_channel_id
    and s.expires_at > pg_catalog.clock_timestamp()
  returning s.* into v_session;
  if not found then
    perform private.refuse_voice_device(p_device_id);
  end if;

  -- In a room that many join at once, one in a minute writes this.
  insert into private.voice_sfu_rooms as r (room, watched_until)
  values (p_channel_id, pg_catalog.clock_timestamp() + interval '18 minutes')
  on conflict (room) do update set watched_until = excluded.watched_until
  where r.watched_until < excluded.watched_until - interval '1 minute';

  return pg_catalog.jsonb_build_object(
    'session_id', v_session.id, 'channel_id', v_session.channel_id,
    'can_speak', v_session.can_speak, 'can_stream', v_session.can_stream
  );
end
$$;

revoke all on function private.authorize_voice_token(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.authorize_voice_token(uuid, uuid) to authenticated;

create function public.authorize_voice_token(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.authorize_voice_token(p_channel_id, p_device_id); $$;

comment on function public.authorize_voice_token(uuid, uuid) is
$$Says what a token for the SFU may grant the caller's device in a voice channel whose transport is `sfu`: for the Edge Function
`voice-token`, which makes one of it. Needs `connect` and a live session of the device in this channel (`join_voice`).
@param p_device_id the device's own id; left out: the only one
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, expired, rate_limited
@returns {{ session_id: string; channel_id: string; can_speak: boolean; can_stream: boolean }}
@sdk authorizeToken$$;

revoke all on function public.authorize_voice_token(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.authorize_voice_token(uuid, uuid) to authenticated;
