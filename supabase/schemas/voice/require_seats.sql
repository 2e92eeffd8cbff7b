-- require_seats: a voice channel has seats for so many more. Whoever is to be sure of them at the commit holds the room's row.
create function private.require_seats(p_room private.voice_rooms, p_more integer)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_more + (
    select pg_catalog.count(*) from private.live_voice_sessions s where s.channel_id = p_room.channel_id
  ) > p_room.max_participants then
    perform private.fail(
      'limit_reached', 'This voice channel is full.', 409, pg_catalog.jsonb_build_object('max', p_room.max_participants)
    );
  end if;
end
$$;

revoke all on function private.require_seats(private.voice_rooms, integer) from public, anon, authenticated, service_role;
