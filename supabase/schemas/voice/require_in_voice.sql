-- require_in_voice: somebody else has a live session in a voice channel; with p_session_id, that one. p_field is what the
-- caller named them by.
create function private.require_in_voice(
  p_channel_id uuid,
  p_user_id uuid,
  p_session_id uuid default null,
  p_field text default 'p_user_id'
)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (
    select from private.live_voice_sessions s
    where s.channel_id = p_channel_id and s.user_id = p_user_id and (p_session_id is null or s.id = p_session_id)
  ) then
    perform private.fail(
      'not_found', 'They are not in this voice channel.', 404, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
end
$$;

revoke all on function private.require_in_voice(uuid, uuid, uuid, text) from public, anon, authenticated, service_role;
