-- join_voice: Gate: connect. Limits: voice_join per user. Locks: the communities', then the rooms' of the new channel and of the one that
-- the device is in, each in one order.
create function private.join_voice(p_channel_id uuid, p_device_id uuid)
returns public.voice_session
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_from_id uuid := (
    select s.channel_id from private.voice_sessions s where s.user_id = v_user_id and s.device_id = p_device_id
  );
  v_held bigint;
  v_room private.voice_rooms;
  v_session private.voice_sessions;
begin
  perform private.hold_access(h.community_id)
  from (
    select distinct r.community_id from private.voice_rooms r
    where r.channel_id in (p_channel_id, v_from_id)
    order by r.community_id
  ) h;
  v_held := private.require_in_channel(p_channel_id, 'connect');
  perform private.require_voice_room(p_channel_id);
  if p_device_id is null then
    perform private.fail(
      'invalid_argument', 'A device has an id.', 422, pg_catalog.jsonb_build_object('field', 'p_device_id')
    );
  end if;
  -- Holds this user's other joins until the commit, and so what is counted next.
  perform private.take_token('voice_join', v_user_id::text);
  if (
    select pg_catalog.count(*) from private.live_voice_sessions s
    where s.user_id = v_user_id and s.device_id <> p_device_id
  ) >= 3 then
    perform private.fail(
      'limit_reached', 'You are in voice with three devices already.', 409, pg_catalog.jsonb_build_object('max', 3)
    );
  end if;

  perform from private.voice_rooms r
  where r.channel_id in (p_channel_id, v_from_id)
  order by r.community_id, r.channel_id
  for no key update;
  v_room := private.require_voice_room(p_channel_id);

  delete from private.voice_sessions s
  where s.user_id = v_user_id and s.device_id = p_device_id and s.channel_id in (p_channel_id, v_from_id);
  -- Who has lapsed holds no seat.
  delete from private.voice_sessions s
  where s.channel_id = p_channel_id and s.expires_at <= pg_catalog.clock_timestamp();
  perform private.require_seats(v_room, 1);

  v_session.is_muted := exists (
    select from private.voice_mutes u where u.channel_id = p_channel_id and u.user_id = v_user_id
  );
  insert into private.voice_sessions (user_id, device_id, community_id, channel_id, is_muted, can_speak, can_stream)
  values (
    v_user_id, p_device_id, v_room.community_id, p_channel_id, v_session.is_muted,
    v_held & private.permission_mask('speak') <> 0 and not v_session.is_muted,
    v_held & private.permission_mask('stream') <> 0
  )
  on conflict (user_id, device_id) do nothing
  returning * into v_session;
  if not found then
    perform private.fail('conflict', 'This device is joining another channel at this very moment: try again.', 409);
  end if;
  perform private.tell_roster(p_channel_id, p_present => array[v_session.id]);
  return private.described_voice_session(v_session);
end
$$;

revoke all on function private.join_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.join_voice(uuid, uuid) to authenticated;

create function public.join_voice(
  p_channel_id uuid,
  p_device_id uuid default '00000000-0000-0000-0000-000000000000'
)
returns public.voice_session
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.join_voice(p_channel_id, p_device_id); $$;

comment on function public.join_voice(uuid, uuid) is
$$Takes a seat in a voice channel for one device of the caller's. The seat is a lease of 45 seconds: `renew_voice` every 15 keeps it. It takes the place of
whatever session the device had, here or elsewhere, in any community. Needs `connect`. `limit_reached`: all seats are taken, or the
caller is in voice with three other devices.
@param p_device_id an id that the device made for itself; left out: the one device of somebody who has no other
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, conflict, rate_limited
@sdk openSession$$;

revoke all on function public.join_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.join_voice(uuid, uuid) to authenticated;
