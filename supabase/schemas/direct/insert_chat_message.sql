-- insert_chat_message: ensure_chat_thread and send_message in one, by external ids. What the caller says of who writes to whom and where
-- is compared with what is known here, and used for nothing else. Gates, limits and idempotency are those of the two.
create function private.insert_chat_message(
  _thread_id text,
  _sender_mongo_id text,
  _recipient_mongo_id text,
  _body text,
  _client_id text
)
returns public.chat_messages
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_mongo_id text := private.require_chat_id();
  v_pair private.chat_pair;
  v_sent public.described_message;
  v_message public.messages;
begin
  if _sender_mongo_id is distinct from v_mongo_id then
    perform private.fail(
      'missing_permission', 'This is not your id: nobody writes in somebody else''s name.', 403,
      pg_catalog.jsonb_build_object('field', '_sender_mongo_id')
    );
  end if;
  v_pair.one_id := (select auth.uid());
  v_pair.one_mongo_id := v_mongo_id;
  v_pair.other_mongo_id := _recipient_mongo_id;
  v_pair.other_id := private.user_of_external_id(private.chat_provider(), _recipient_mongo_id);
  v_pair.channel_id := private.ensure_direct(v_pair.other_id, '_recipient_mongo_id');
  v_pair.thread_id := private.chat_thread_id(v_mongo_id, _recipient_mongo_id);
  if _thread_id is distinct from v_pair.thread_id then
    perform private.fail(
      'invalid_argument', 'This is not the thread of these two.', 422, pg_catalog.jsonb_build_object('field', '_thread_id')
    );
  end if;

  -- send_message refuses these, too, by names that are no arguments here. Whoever may not send is told that first.
  perform private.require_in_channel(v_pair.channel_id, 'send_messages');
  if pg_catalog.char_length(_client_id) not between 1 and 64 then
    perform private.fail(
      'invalid_argument', 'A client id has 1 to 64 characters.', 422, pg_catalog.jsonb_build_object('field', '_client_id')
    );
  end if;
  perform private.require_body(_body, false, '_body');

  v_sent := private.send_message(v_pair.channel_id, _body, _client_id, null::bigint, null::jsonb);
  select m.* into v_message
  from public.messages m
  where m.channel_id = v_sent.channel_id and m.seq = v_sent.seq;
  return private.chat_message(v_message, v_pair);
end
$$;

revoke all on function private.insert_chat_message(text, text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function private.insert_chat_message(text, text, text, text, text) to authenticated;

-- The timeout: see send_message.
create function public.insert_chat_message(
  _thread_id text,
  _sender_mongo_id text,
  _recipient_mongo_id text,
  _body text,
  _client_id text default null
)
returns public.chat_messages
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.insert_chat_message(_thread_id, _sender_mongo_id, _recipient_mongo_id, _body, _client_id); $$;

comment on function public.insert_chat_message(text, text, text, text, text) is
$$Sends a message to somebody by external ids and returns it. The chat is begun where there is none, by the rules of `open_direct`, and
the message sent by those of `send_message`. The same sender and client id give the same message back, for ever, and nothing is sent
twice; when it has been deleted meanwhile: `expired`.
@param _thread_id both ids in the order of their bytes, joined by `_`; another is refused
@param _sender_mongo_id the caller's own external id; another is refused (`missing_permission`)
@param _recipient_mongo_id the other's
@param _body 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C
@param _client_id the sender's own mark, 1 to 64 characters; choose a new one for each message
@errors session_required, not_linked, not_found, missing_permission, blocked, invalid_argument, body_too_long, expired, rate_limited
@idempotent by _client_id$$;

revoke all on function public.insert_chat_message(text, text, text, text, text) from public, anon, authenticated, service_role;
grant execute on function public.insert_chat_message(text, text, text, text, text) to authenticated;
