-- renew_voice: Gate: connect, asked each time: who lost it by time alone is refused here. One row is written, in place, and no lock but
-- that row's is taken: nothing is told. What is renewed within 5 seconds is not written again, which bounds what a flood of calls does.
create function private.renew_voice(p_channel_id uuid, p_device_id uuid)
returns public.voice_session
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_session private.voice_sessions;
begin
  for v_turn in 1..3 loop
    v_session := private.find_voice_session(p_channel_id, p_device_id);
    -- Where one was moved from counts no more.
    perform private.require_in_channel(
      case when v_session.expires_at > v_now then v_session.channel_id else p_channel_id end, 'connect'
    );
    if v_session.expires_at > v_now is not true then
      perform private.require_voice_room(p_channel_id);
      v_session := private.require_voice_session(p_channel_id, p_device_id);
    end if;
    if v_session.expires_at >= v_now + interval '40 seconds' then
      return private.described_voice_session(v_session);
    end if;

    update private.voice_sessions s
    set expires_at = v_now + interval '45 seconds',
      -- Whoever names the channel that it is in knows of the moves.
      former_channel_ids = case when s.channel_id = p_channel_id then array[]::uuid[] else s.former_channel_ids end
    where s.id = v_session.id
    returning s.* into v_session;
    if found then
      return private.described_voice_session(v_session);
    end if;
    -- Ended or moved while we waited for its row: looks again.
  end loop;
  perform private.fail('conflict', 'This session is being moved at this very moment: try again.', 409);
  return null;
end
$$;

revoke all on function private.renew_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.renew_voice(uuid, uuid) to authenticated;

create function public.renew_voice(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns public.voice_session
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.renew_voice(p_channel_id, p_device_id); $$;

comment on function public.renew_voice(uuid, uuid) is
$$Keeps the caller's seat in a voice channel for another 45 seconds; call it every 15. `expired`: there is no such session, or no longer; its
detail `elsewhere` says whether the device has one in another channel, which joining here again would end. Where a moderator moved it, the
answer is the session in the other channel. Needs `connect`.
@param p_device_id as it was given to `join_voice`
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, expired
@idempotent
@sdk renewSession$$;

revoke all on function public.renew_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.renew_voice(uuid, uuid) to authenticated;
