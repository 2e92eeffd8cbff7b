-- The topic voice:<community id>:<channel id>:<community epoch>-<channel epoch>: who is in a voice channel. Who may connect receives and
-- may be present, with a session or without one; only the server sends. Presence is decoration: what counts are the sessions.
-- The epochs are the channel's own (see channel_topic): whoever loses connect moves them as whoever loses the history does.
-- Each join, leave and renewal asks for it, so it is in plpgsql, which keeps the plan: one in sql is planned anew with each call.
create function private.voice_topic(p_channel_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select 'voice:' || c.community_id || ':' || c.id || ':' || m.topic_epoch || '-' || c.topic_epoch
    from public.channels c
    join public.communities m on m.id = c.community_id
    where c.id = p_channel_id and c.kind = 'voice'
  );
end
$$;

revoke all on function private.voice_topic(uuid) from public, anon, authenticated, service_role;

create function private.may_use_voice_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^voice(:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){2}:[0-9]+-[0-9]+$' then coalesce(
      p_topic = private.voice_topic(pg_catalog.split_part(p_topic, ':', 3)::uuid)
      and private.channel_permissions(pg_catalog.split_part(p_topic, ':', 3)::uuid)
        & private.permission_mask('connect') <> 0,
      false
    )
    else false
  end;
$$;

revoke all on function private.may_use_voice_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_use_voice_topic(text) to authenticated;

select private.register_topic(
  'voice',
  'voice:<community id>:<channel id>:<community epoch>-<channel epoch>: who is in a voice channel, for who may connect',
  p_receive => 'may_use_voice_topic',
  p_presence => 'may_use_voice_topic'
);
