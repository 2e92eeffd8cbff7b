-- move_member: Gate: move_members in both channels, the member below the caller; and the member may connect to where they go.
create function private.move_member(p_channel_id uuid, p_user_id uuid, p_destination_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
  v_destination private.voice_rooms;
  v_held bigint;
  v_is_muted boolean;
  v_session private.voice_sessions;
  v_moved_id uuid;
  v_moved_ids uuid[] := array[]::uuid[];
begin
  perform private.begin_change_in_channel(p_channel_id, 'move_members');
  v_room := private.require_voice_room(p_channel_id);
  perform private.require_in_channel(p_destination_id, 'move_members', 'destination');
  select r.* into v_destination
  from private.voice_rooms r
  where r.channel_id = p_destination_id and r.community_id = v_room.community_id and r.channel_id <> p_channel_id;
  if not found then
    perform private.fail(
      'invalid_argument', 'The destination is another voice channel of the same community.', 422,
      pg_catalog.jsonb_build_object('field', 'p_destination_id')
    );
  end if;
  perform private.require_above_member(v_room.community_id, p_user_id);
  perform private.require_in_voice(p_channel_id, p_user_id);

  v_held := private.channel_permissions(p_destination_id, p_user_id => p_user_id);
  if v_held & private.permission_mask('connect') = 0 then
    perform private.fail('conflict', 'This member may not connect there.', 409);
  end if;
  v_is_muted := exists (
    select from private.voice_mutes u where u.channel_id = p_destination_id and u.user_id = p_user_id
  );
  delete from private.voice_sessions s
  where s.channel_id = p_destination_id and s.expires_at <= pg_catalog.clock_timestamp();

  for v_session in
    delete from private.voice_sessions s where s.user_id = p_user_id and s.channel_id = p_channel_id
    returning s.*
  loop
    continue when v_session.expires_at <= pg_catalog.clock_timestamp();
    insert into private.voice_sessions as s (
      user_id, device_id, community_id, channel_id, is_self_muted, is_self_deafened, is_muted, can_speak, can_stream,
      former_ids, former_channel_ids, expires_at
    )
    values (
      p_user_id, v_session.device_id, v_room.community_id, p_destination_id, v_session.is_self_muted,
      v_session.is_self_deafened, v_is_muted,
      v_held & private.permission_mask('speak') <> 0 and not v_is_muted,
      v_held & private.permission_mask('stream') <> 0,
      (v_session.former_ids || v_session.id)[pg_catalog.cardinality(v_session.former_ids) - 6 :],
      v_session.former_channel_ids || p_channel_id, v_session.expires_at
    )
    returning s.id into v_moved_id;
    v_moved_ids := pg_catalog.array_append(v_moved_ids, v_moved_id);
    perform private.broadcast(
      'user:' || p_user_id, 'voice_session_moved',
      pg_catalog.jsonb_build_object(
        'channel_id', p_channel_id, 'session_id', v_session.id,
        'to_channel_id', p_destination_id, 'to_session_id', v_moved_id
      )
    );
  end loop;
  -- They have sat down already.
  perform private.require_seats(v_destination, 0);
  perform private.tell_roster(p_destination_id, p_present => v_moved_ids);
  perform private.write_audit(
    v_room.community_id, 'member_moved', p_user_id::text,
    pg_catalog.jsonb_build_object('channel_id', p_channel_id),
    pg_catalog.jsonb_build_object('channel_id', p_destination_id), p_reason
  );
end
$$;

revoke all on function private.move_member(uuid, uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.move_member(uuid, uuid, uuid, text) to authenticated;

create function public.move_member(
  p_channel_id uuid,
  p_user_id uuid,
  p_destination_id uuid,
  p_reason text default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.move_member(p_channel_id, p_user_id, p_destination_id, p_reason); $$;

comment on function public.move_member(uuid, uuid, uuid, text) is
$$Moves a member below the caller, with all their devices, from one voice channel to another of the same community. Needs `move_members` in both. `conflict`: the
member may not connect there. `limit_reached`: it has no seat for them.
@param p_destination_id the voice channel that they go to
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, conflict, limit_reached, rate_limited
@sdk moveMember$$;

revoke all on function public.move_member(uuid, uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.move_member(uuid, uuid, uuid, text) to authenticated;
