-- The topic channel:<channel id>:<community epoch>-<channel epoch>: the change feed of one channel, or one thread. Who may view the
-- channel and read its history receives: a join may ask Realtime to replay what was sent before, and the policy cannot
-- tell such a join from another. (Nobody holds read_history where they may not view.) Only the server sends. A client that could
-- broadcast here could forge messages: the policy on realtime.messages cannot see the event's name or payload.
-- The community's epoch is part of the name so that a lost membership moves every channel by one row and one event. A thread's
-- epoch counts its channel's in: who lost the channel is off its threads, by the same row and the same event. A direct channel has
-- no community, and only an epoch of its own.
create function private.channel_topic(p_channel_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_topic text;
begin
  select 'channel:' || c.id || ':' || m.topic_epoch || '-' || c.topic_epoch into v_topic
  from public.channels c
  join public.communities m on m.id = c.community_id
  where c.id = p_channel_id;
  if not found then
    select 'channel:' || t.id || ':' || m.topic_epoch || '-' || c.topic_epoch + t.topic_epoch into v_topic
    from private.threads t
    join public.channels c on c.id = t.channel_id
    join public.communities m on m.id = t.community_id
    where t.id = p_channel_id;
  end if;
  if not found then
    select 'channel:' || d.id || ':0-' || d.topic_epoch into v_topic from private.direct_channels d where d.id = p_channel_id;
  end if;
  return v_topic;
end
$$;

revoke all on function private.channel_topic(uuid) from public, anon, authenticated, service_role;

create function private.may_receive_channel_topic(p_topic text)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when p_topic ~ '^channel:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9]+-[0-9]+$' then coalesce(
      p_topic = private.channel_topic(pg_catalog.split_part(p_topic, ':', 2)::uuid)
      and private.channel_permissions(pg_catalog.split_part(p_topic, ':', 2)::uuid)
        & private.permission_mask('read_history') <> 0,
      false
    )
    else false
  end;
$$;

revoke all on function private.may_receive_channel_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_channel_topic(text) to authenticated;

select private.register_topic(
  'channel',
  'channel:<channel id>:<community epoch>-<channel epoch>: the change feed of one channel, for who may read it',
  p_receive => 'may_receive_channel_topic'
);
