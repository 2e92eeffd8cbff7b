-- broadcast: sends one declared event to one private topic.
-- realtime.send turns every failure into a warning and goes on (no partition for today, for instance). The write that
-- caused the broadcast must not fail for that, so the row is looked for afterwards and its absence is recorded.
create function private.broadcast(p_topic text, p_event text, p_payload jsonb)
returns void
language plpgsql volatile security invoker set search_path = '' set timezone = 'UTC'
as $$
declare
  v_id uuid := private.uuid_v7();
  v_is_declared boolean;
  v_was_sent boolean;
begin
  perform realtime.send(p_payload || pg_catalog.jsonb_build_object('id', v_id), p_event, p_topic, true);

  -- The table's index leads with inserted_at, which defaults to the transaction's time in the session's zone. A client
  -- chooses that zone for itself, so this function sets its own.
  select
    exists (
      select from private.topic_events e
      where e.prefix = pg_catalog.split_part(p_topic, ':', 1) and e.event = p_event
    ),
    exists (
      select from realtime.messages m
      where m.inserted_at = localtimestamp
        and m.topic = p_topic
        and m.extension = 'broadcast'
        -- Word for word what the index is partial on: `m.private` alone does not match it, and would read the whole day.
        and m.private is true
        and m.payload ->> 'id' = v_id::text
    )
  into v_is_declared, v_was_sent;
  if not v_is_declared then
    -- What was sent is undone with the rest.
    perform private.fail(
      'internal', 'This event is not declared.', 500,
      pg_catalog.jsonb_build_object('topic', p_topic, 'event', p_event)
    );
  end if;
  if not v_was_sent then
    insert into private.lost_broadcasts (topic, event) values (p_topic, p_event);
  end if;
end
$$;

revoke all on function private.broadcast(text, text, jsonb) from public, anon, authenticated, service_role;
