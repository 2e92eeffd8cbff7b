-- mute_member: Gate: mute_members in the channel, the member below the caller.
create function private.mute_member(p_channel_id uuid, p_user_id uuid, p_is_muted boolean, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_room private.voice_rooms;
begin
  perform private.begin_change_in_channel(p_channel_id, 'mute_members');
  v_room := private.require_voice_room(p_channel_id);
  if p_is_muted is null then
    perform private.fail(
      'invalid_argument', 'Say whether the member is muted.', 422, pg_catalog.jsonb_build_object('field', 'p_is_muted')
    );
  end if;
  perform private.require_above_member(v_room.community_id, p_user_id);

  if p_is_muted then
    insert into private.voice_mutes (channel_id, user_id) values (p_channel_id, p_user_id) on conflict do nothing;
  else
    delete from private.voice_mutes u where u.channel_id = p_channel_id and u.user_id = p_user_id;
  end if;
  if not found then
    return;
  end if;
  perform private.refresh_voice_sessions(array(
    select s.id from private.voice_sessions s where s.user_id = p_user_id and s.channel_id = p_channel_id
  ));
  perform private.write_audit(
    v_room.community_id, case when p_is_muted then 'member_muted' else 'member_unmuted' end, p_user_id::text,
    p_after => pg_catalog.jsonb_build_object('channel_id', p_channel_id), p_reason => p_reason
  );
end
$$;

revoke all on function private.mute_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function private.mute_member(uuid, uuid, boolean, text) to authenticated;

create function public.mute_member(p_channel_id uuid, p_user_id uuid, p_is_muted boolean, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.mute_member(p_channel_id, p_user_id, p_is_muted, p_reason); $$;

comment on function public.mute_member(uuid, uuid, boolean, text) is
$$Mutes a member below the caller in one voice channel, or ends that: nobody hears them there, also after they left and came back. Needs `mute_members` in it.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited
@sdk muteMember$$;

revoke all on function public.mute_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function public.mute_member(uuid, uuid, boolean, text) to authenticated;
