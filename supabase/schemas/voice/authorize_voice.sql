-- authorize_voice: what the Edge Function voice-ice asks before it hands ICE servers out, as the caller. Gate: connect, and a seat: the
-- caller's own or one that is free. Limits: voice_ice per user.
create function private.authorize_voice(p_community_id uuid, p_channel_id uuid)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_room private.voice_rooms;
begin
  perform private.require_in_channel(p_channel_id, 'connect');
  v_room := private.require_voice_room(p_channel_id);
  if p_community_id is distinct from v_room.community_id then
    perform private.fail(
      'not_found', 'There is no such community.', 404, pg_catalog.jsonb_build_object('field', 'p_community_id')
    );
  end if;
  if not exists (
    select from private.live_voice_sessions s where s.channel_id = p_channel_id and s.user_id = v_user_id
  ) then
    perform private.require_seats(v_room, 1);
  end if;
  perform private.take_token('voice_ice', v_user_id::text);
  return pg_catalog.jsonb_build_object(
    'user_id', v_user_id, 'channel_id', p_channel_id, 'transport', v_room.transport
  );
end
$$;

revoke all on function private.authorize_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.authorize_voice(uuid, uuid) to authenticated;

create function public.authorize_voice(p_community_id uuid, p_channel_id uuid)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.authorize_voice(p_community_id, p_channel_id); $$;

comment on function public.authorize_voice(uuid, uuid) is
$$Says whether the caller may have ICE servers for a voice channel now: they may connect, and there is a seat for them. For the Edge Function `voice-ice`, which asks it as the
caller; by itself it gives nothing.
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@returns {{ user_id: string; channel_id: string; transport: 'mesh' | 'sfu' }}
@sdk authorize$$;

revoke all on function public.authorize_voice(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.authorize_voice(uuid, uuid) to authenticated;
