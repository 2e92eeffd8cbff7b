-- disconnect_member: Gate: move_members in the channel, the member below the caller.
create function private.disconnect_member(p_channel_id uuid, p_user_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
  v_ended_ids uuid[];
begin
  perform private.begin_change_in_channel(p_channel_id, 'move_members');
  v_room := private.require_voice_room(p_channel_id);
  perform private.require_above_member(v_room.community_id, p_user_id);
  perform private.require_in_voice(p_channel_id, p_user_id);

  with ended as (
    delete from private.voice_sessions s
    where s.user_id = p_user_id and s.channel_id = p_channel_id
    returning s.id
  )
  select pg_catalog.array_agg(e.id) into v_ended_ids from ended e;
  perform private.broadcast(
    'user:' || p_user_id, 'voice_session_ended',
    pg_catalog.jsonb_build_object('channel_id', p_channel_id, 'session_ids', pg_catalog.to_jsonb(v_ended_ids))
  );
  perform private.write_audit(
    v_room.community_id, 'member_disconnected', p_user_id::text,
    pg_catalog.jsonb_build_object('channel_id', p_channel_id), p_reason => p_reason
  );
end
$$;

revoke all on function private.disconnect_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.disconnect_member(uuid, uuid, text) to authenticated;

create function public.disconnect_member(p_channel_id uuid, p_user_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.disconnect_member(p_channel_id, p_user_id, p_reason); $$;

comment on function public.disconnect_member(uuid, uuid, text) is
$$Ends all sessions of a member below the caller in a voice channel. They may join again: to keep them out, take `connect` from them. Needs `move_members` in it.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited
@sdk disconnectMember$$;

revoke all on function public.disconnect_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.disconnect_member(uuid, uuid, text) to authenticated;
