-- tell_chat: what changes in the direct channel of two who have external ids is also told on their topic chat:<thread id>. It follows the
-- change feed, in which every way of sending, editing and deleting ends, and so does a channel that goes with everything in it.
-- For the channels of communities that is one look into an index, which their sends pay for.
create function private.tell_chat()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if exists (select from private.direct_channels d where d.id = new.channel_id) then
    perform private.tell_chat_change(private.chat_pair(new.channel_id), new);
  end if;
  return null;
end
$$;

revoke all on function private.tell_chat() from public, anon, authenticated, service_role;

-- In UTC, because the broadcast writes times out as text, and a caller may have chosen any zone.
create function private.tell_chat_change(p_pair private.chat_pair, p_event private.channel_events)
returns void
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_topic text := private.chat_topic(p_pair);
  v_payload jsonb := pg_catalog.jsonb_build_object('schema', 'public', 'table', 'chat_messages', 'record', null, 'old_record', null);
  v_message public.messages;
begin
  if v_topic is null then
    return;
  end if;
  if p_event.kind = 'deleted' then
    perform private.broadcast(
      v_topic, 'DELETE',
      v_payload || pg_catalog.jsonb_build_object(
        'operation', 'DELETE',
        'old_record', pg_catalog.jsonb_build_object(
          'id', p_pair.channel_id || ':' || s.seq, 'thread_id', p_pair.thread_id, 'channel_id', p_pair.channel_id, 'seq', s.seq
        )
      )
    )
    from pg_catalog.unnest(p_event.seqs) as s (seq);
    return;
  end if;
  select m.* into v_message
  from public.messages m
  where m.channel_id = p_event.channel_id and m.seq = p_event.seq and m.kind = 'text';
  if found then
    perform private.broadcast(
      v_topic, o.operation,
      v_payload || pg_catalog.jsonb_build_object(
        'operation', o.operation, 'record', pg_catalog.to_jsonb(private.chat_message(v_message, p_pair))
      )
    )
    from (select case p_event.kind when 'created' then 'INSERT' else 'UPDATE' end) as o (operation);
  end if;
end
$$;

revoke all on function private.tell_chat_change(private.chat_pair, private.channel_events) from public, anon, authenticated, service_role;

create trigger direct_tell_chat
after insert on private.channel_events
for each row
when (new.kind in ('created', 'edited', 'deleted'))
execute function private.tell_chat();
