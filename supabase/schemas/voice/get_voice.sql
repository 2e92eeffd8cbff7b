-- get_voice: Gate: connect.
create function private.get_voice(p_channel_id uuid)
returns public.voice_room
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'connect');
  return private.described_voice_room(private.require_voice_room(p_channel_id));
end
$$;

revoke all on function private.get_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_voice(uuid) to authenticated;

create function public.get_voice(p_channel_id uuid)
returns public.voice_room
language sql stable security invoker set search_path = ''
as $$ select private.get_voice(p_channel_id); $$;

comment on function public.get_voice(uuid) is
$$Says who is in a voice channel, and on which topic changes are told. Needs `connect`, and no session.
@errors session_required, not_found, missing_permission, timed_out, invalid_argument
@sdk get$$;

revoke all on function public.get_voice(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_voice(uuid) to authenticated;
