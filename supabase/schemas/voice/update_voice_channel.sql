-- update_voice_channel: Gate: manage_channels in the channel. What is left out stays.
create function private.update_voice_channel(p_channel_id uuid, p_transport text, p_max_participants integer)
returns public.voice_room
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_old private.voice_rooms;
  v_room private.voice_rooms;
  v_bound integer;
begin
  perform private.begin_change_in_channel(p_channel_id, 'manage_channels');
  v_old := private.require_voice_room(p_channel_id);
  if p_transport not in ('mesh', 'sfu') then
    perform private.fail(
      'invalid_argument', 'A voice channel is a mesh or has an SFU.', 422,
      pg_catalog.jsonb_build_object('field', 'p_transport')
    );
  end if;
  v_bound := case coalesce(p_transport, v_old.transport) when 'mesh' then 16 else 500 end;
  if p_max_participants not between 1 and v_bound then
    perform private.fail(
      'invalid_argument', pg_catalog.format('There are 1 to %s seats.', v_bound), 422,
      pg_catalog.jsonb_build_object('field', 'p_max_participants', 'max', v_bound)
    );
  end if;
  if p_transport <> v_old.transport
    and exists (select from private.live_voice_sessions s where s.channel_id = p_channel_id)
  then
    perform private.fail('conflict', 'Somebody is in it: the transport changes only where nobody is.', 409);
  end if;

  update private.voice_rooms r
  set
    transport = coalesce(p_transport, r.transport),
    max_participants = coalesce(p_max_participants, least(r.max_participants, v_bound))
  where r.channel_id = p_channel_id
  returning r.* into v_room;
  if v_room <> v_old then
    perform private.announce(
      v_room.community_id, 'channel_updated', pg_catalog.jsonb_build_object('channel_id', p_channel_id)
    );
    perform private.write_audit(
      v_room.community_id, 'channel_updated', p_channel_id::text,
      pg_catalog.jsonb_build_object('transport', v_old.transport, 'max_participants', v_old.max_participants),
      pg_catalog.jsonb_build_object('transport', v_room.transport, 'max_participants', v_room.max_participants)
    );
  end if;
  return private.described_voice_room(v_room);
end
$$;

revoke all on function private.update_voice_channel(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function private.update_voice_channel(uuid, text, integer) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.update_voice_channel(
  p_channel_id uuid,
  p_transport text default null,
  p_max_participants integer default null
)
returns public.voice_room
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_voice_channel(p_channel_id, p_transport, p_max_participants); $$;

comment on function public.update_voice_channel(uuid, text, integer) is
$$Changes how a voice channel works; what is left out stays. A new one is a mesh of 8. Needs `manage_channels` in it. `conflict`: the transport changes only where nobody is
in it.
@param p_transport `mesh`: everybody sends to everybody; `sfu`: a LiveKit server passes it on, which the project has to have
@param p_max_participants how many devices may be in it: 1 to 16 in a mesh, 1 to 500 with an SFU; who is in it stays
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, rate_limited
@sdk updateChannel$$;

revoke all on function public.update_voice_channel(uuid, text, integer) from public, anon, authenticated, service_role;
grant execute on function public.update_voice_channel(uuid, text, integer) to authenticated;
