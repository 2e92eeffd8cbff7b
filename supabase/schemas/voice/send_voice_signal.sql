-- send_voice_signal: Gate: connect, and a session of each side in the channel. Limits: voice_signal and voice_signal_bytes per user.
-- By the server, so that the sender is who it says; on the recipient's own topic, so that nobody else receives it.
create function private.send_voice_signal(
  p_channel_id uuid,
  p_to_user_id uuid,
  p_kind text,
  p_payload jsonb,
  p_to_session_id uuid,
  p_device_id uuid
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_session private.voice_sessions;
begin
  perform private.begin_voice(p_channel_id);
  if p_kind is null or p_kind not in ('offer', 'answer', 'ice', 'renegotiate') then
    perform private.fail(
      'invalid_argument', 'A signal is an offer, an answer, ice or renegotiate.', 422,
      pg_catalog.jsonb_build_object('field', 'p_kind')
    );
  end if;
  if p_payload is null
    or pg_catalog.jsonb_typeof(p_payload) <> 'object'
    or pg_catalog.octet_length(p_payload::text) > 16384
  then
    perform private.fail(
      'invalid_argument', 'A signal carries an object of at most 16 KiB.', 422,
      pg_catalog.jsonb_build_object('field', 'p_payload', 'max', 16384)
    );
  end if;
  v_session := private.require_voice_session(p_channel_id, p_device_id);
  -- One's own devices are not connected to each other; and nobody fills the project's broadcasts all by themselves.
  if p_to_user_id = v_session.user_id then
    perform private.fail(
      'invalid_argument', 'A signal is for somebody else.', 422, pg_catalog.jsonb_build_object('field', 'p_to_user_id')
    );
  end if;
  perform private.require_in_voice(
    p_channel_id, p_to_user_id, p_to_session_id, case when p_to_session_id is null then 'p_to_user_id' else 'p_to_session_id' end
  );
  perform private.take_token('voice_signal', v_session.user_id::text);
  perform private.take_token('voice_signal_bytes', v_session.user_id::text, pg_catalog.octet_length(p_payload::text));
  perform private.broadcast(
    'user:' || p_to_user_id, 'webrtc-signal',
    pg_catalog.jsonb_build_object(
      'channel_id', p_channel_id, 'from_user_id', v_session.user_id, 'from_session_id', v_session.id,
      'to_session_id', p_to_session_id, 'kind', p_kind, 'payload', p_payload
    )
  );
end
$$;

revoke all on function private.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) to authenticated;

create function public.send_voice_signal(
  p_channel_id uuid,
  p_to_user_id uuid,
  p_kind text,
  p_payload jsonb,
  p_to_session_id uuid default null,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$
  select private.send_voice_signal(p_channel_id, p_to_user_id, p_kind, p_payload, p_to_session_id, p_device_id);
$$;

comment on function public.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) is
$$Sends one step of a WebRTC negotiation to somebody in the same voice channel: they alone receive it, as `webrtc-signal` on `user:<id>`, with the caller's user and session
as the server knows them. `expired`: the caller's device has no session there; `not_found`: they have none. Needs `connect`. Like any broadcast it may be lost: negotiate again.
@param p_kind {'offer' | 'answer' | 'ice' | 'renegotiate'} what it is
@param p_payload {Record<string, unknown>} at most 16 KiB; nobody looks into it on the way
@param p_to_session_id one of their sessions; left out: all that they have in the channel
@param p_device_id as it was given to `join_voice`
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, expired, rate_limited
@sdk sendSignal$$;

revoke all on function public.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.send_voice_signal(uuid, uuid, text, jsonb, uuid, uuid) to authenticated;
