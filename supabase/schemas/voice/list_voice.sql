-- list_voice: Gate: membership; then connect in each of the at most 500 channels.
create function private.list_voice(p_community_id uuid)
returns setof public.voice_room
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_connect bigint := private.permission_mask('connect');
begin
  perform private.require_in_community(p_community_id);
  return query
  select d.*
  from private.voice_rooms r
  cross join lateral private.described_voice_room(r) d
  where r.community_id = p_community_id and private.channel_permissions(r.channel_id) & v_connect <> 0
  order by r.channel_id;
end
$$;

revoke all on function private.list_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_voice(uuid) to authenticated;

create function public.list_voice(p_community_id uuid)
returns setof public.voice_room
language sql stable security invoker set search_path = ''
as $$ select * from private.list_voice(p_community_id); $$;

comment on function public.list_voice(uuid) is
$$Says who is in which voice channel of a community, for all of them that the caller may connect to.
@errors session_required, not_found
@sdk list$$;

revoke all on function public.list_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_voice(uuid) to authenticated;
