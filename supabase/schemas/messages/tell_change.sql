-- tell_change: writes one change of a message into the feed and broadcasts it with the message as it is now.
-- In UTC, because the broadcast writes times out as text, and a caller may have chosen any zone.
create function private.tell_change(p_kind text, p_message public.messages, p_more jsonb default '{}')
returns void
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_message jsonb;
begin
  if p_message.attachments <> '[]' then
    p_message := private.shown_message(p_message);
  end if;
  insert into private.channel_events (channel_id, revision, kind, seq)
  values (p_message.channel_id, p_message.revision, p_kind, p_message.seq);

  v_message := pg_catalog.to_jsonb(p_message) || '{"reply": null}';
  if p_message.reply_to_seq is not null then
    v_message := v_message || pg_catalog.jsonb_build_object(
      'reply', private.reply(p_message.reply_to_seq, (
        select a from public.messages a
        where a.channel_id = p_message.channel_id and a.seq = p_message.reply_to_seq
          and not private.is_hidden(a.channel_id, a.author_id, a.created_at)
      ))
    );
  end if;
  perform private.broadcast(
    private.channel_topic(p_message.channel_id), 'message_' || p_kind,
    pg_catalog.jsonb_build_object('revision', p_message.revision, 'kind', p_kind, 'seq', p_message.seq, 'message', v_message) || p_more
  );
end
$$;

revoke all on function private.tell_change(text, public.messages, jsonb) from public, anon, authenticated, service_role;
