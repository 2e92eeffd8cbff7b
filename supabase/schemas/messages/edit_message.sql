-- edit_message: Gate: send_messages, and the message is the caller's own. Limits: message_edit per user.
create function private.edit_message(p_channel_id uuid, p_seq bigint, p_body text)
returns public.described_message
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint := private.begin_message_change(p_channel_id, 'send_messages');
  v_body text;
  v_message public.messages;
  v_had_mentions boolean;
  v_had_link boolean;
begin
  v_message := private.require_message(p_channel_id, p_seq);
  if v_message.author_id is distinct from (select auth.uid()) or v_message.kind <> 'text' then
    perform private.fail('missing_permission', 'Only its author edits a message.', 403);
  end if;
  v_body := private.require_body(p_body, v_message.attachments <> '[]');
  if v_message.body = v_body then
    return private.described(v_message, v_held);
  end if;
  perform private.take_token('message_edit', v_message.author_id::text);

  insert into private.message_edits (channel_id, seq, revision, body, edited_at)
  values (p_channel_id, p_seq, v_message.revision, v_message.body, pg_catalog.clock_timestamp());
  v_had_mentions := v_message.mentions is not null;
  v_had_link := pg_catalog.strpos(v_message.body, '://') > 0;
  update public.messages m
  set
    body = v_body, mentions = private.mentions_in(v_body, p_channel_id, v_held),
    -- The same link leads to the same page.
    preview = case when v_had_link and m.preview ->> 'url' = private.first_link(v_body) then m.preview end,
    edited_at = pg_catalog.clock_timestamp(), revision = private.next_revision(p_channel_id)
  where m.channel_id = p_channel_id and m.seq = p_seq
  returning m.* into v_message;
  if v_had_mentions or v_message.mentions is not null then
    perform private.write_mentions(v_message);
  end if;
  if v_had_link or pg_catalog.strpos(v_body, '://') > 0 then
    perform private.queue_link_preview(v_message, v_held);
  end if;
  perform private.tell_change('edited', v_message);
  return private.described(v_message, v_held);
end
$$;

revoke all on function private.edit_message(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.edit_message(uuid, bigint, text) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.edit_message(p_channel_id uuid, p_seq bigint, p_body text)
returns public.described_message
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.edit_message(p_channel_id, p_seq, p_body); $$;

comment on function public.edit_message(uuid, bigint, text) is
$$Replaces the text of one's own message and returns it. What it said before is kept (see `list_message_edits`). The same text
again changes nothing. Needs `send_messages`.
@param p_body as in `send_message`, empty where it has files; it mentions as if it were sent now
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, body_too_long, rate_limited
@idempotent$$;

revoke all on function public.edit_message(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.edit_message(uuid, bigint, text) to authenticated;
