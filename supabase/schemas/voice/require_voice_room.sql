-- require_voice_room: the room of a channel that the caller has passed the gate of.
create function private.require_voice_room(p_channel_id uuid)
returns private.voice_rooms
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
begin
  select r.* into v_room from private.voice_rooms r where r.channel_id = p_channel_id;
  if not found then
    perform private.fail(
      'invalid_argument', 'This is no voice channel.', 422, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  return v_room;
end
$$;

revoke all on function private.require_voice_room(uuid) from public, anon, authenticated, service_role;
