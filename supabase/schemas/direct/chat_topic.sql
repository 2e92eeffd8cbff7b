-- The topic chat:<thread id>: what two people who have external ids write to each other. Only these two receive, as far as they are
-- shown the channel; only the server sends. Like a direct channel's own topic it keeps its name whoever blocks whom, or the other
-- would notice: whoever blocks somebody leaves it (see decision 0014).
-- It has no epoch in its name, so while one of the ids was somebody else's a moment ago there is none (see former_external_identities).
create function private.chat_topic(p_pair private.chat_pair)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  if private.was_external_id_of_another(private.chat_provider(), p_pair.one_mongo_id, p_pair.one_id, p_pair.other_id)
    or private.was_external_id_of_another(private.chat_provider(), p_pair.other_mongo_id, p_pair.one_id, p_pair.other_id)
  then
    return null;
  end if;
  return 'chat:' || p_pair.thread_id;
end
$$;

revoke all on function private.chat_topic(private.chat_pair) from public, anon, authenticated, service_role;

create function private.may_receive_chat_topic(p_topic text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_pair private.chat_pair := private.find_chat_pair(pg_catalog.substr(p_topic, 6));
begin
  return coalesce(
    private.direct_permissions(v_pair.channel_id) & private.permission_mask('read_history') <> 0
      and p_topic = private.chat_topic(v_pair),
    false
  );
end
$$;

revoke all on function private.may_receive_chat_topic(text) from public, anon, authenticated, service_role;
grant execute on function private.may_receive_chat_topic(text) to authenticated;

select private.register_topic(
  'chat',
  'chat:<thread id>: what two people who have external ids write to each other, for these two',
  p_receive => 'may_receive_chat_topic'
);

-- Payload as of realtime.broadcast_changes: schema, table, operation, record (a row of chat_messages or null), old_record.
insert into private.topic_events (prefix, event, description) values
  ('chat', 'INSERT', 'A message came: record is its row of chat_messages'),
  ('chat', 'UPDATE', 'A message says something else: record is its row of chat_messages'),
  ('chat', 'DELETE', 'A message is gone: record is null, old_record has id, thread_id, channel_id and seq');
