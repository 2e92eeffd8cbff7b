-- send_message: the one way a message enters a channel.
-- Gate: send_messages. Limits: message_send per user.
-- Locks the channel's head, so seq and revision are gap-free and in commit order.
-- In UTC, because the broadcast writes times out as text, and a caller may have chosen any zone.
create function private.send_message(
  p_channel_id uuid,
  p_body text,
  p_client_nonce text,
  p_reply_to_seq bigint
)
returns public.messages
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_user_id uuid := private.require_user();
  v_head private.channel_heads;
  v_message public.messages;
begin
  -- Before the gate: see hold_access. An unknown channel is the gate's to refuse.
  perform private.hold_access(c.community_id) from public.channels c where c.id = p_channel_id;
  perform private.require_in_channel(p_channel_id, 'send_messages');

  if pg_catalog.char_length(p_body) > 4000 then
    perform private.fail(
      'body_too_long', 'A message has at most 4,000 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_body', 'max', 4000)
    );
  end if;
  -- Nearly every text has a printable ASCII character, and is then not looked at any closer.
  if p_body is null or p_body !~ '[!-~]' and private.is_blank(p_body) then
    perform private.fail(
      'invalid_argument', 'A message needs a text.', 422, pg_catalog.jsonb_build_object('field', 'p_body')
    );
  end if;
  if pg_catalog.char_length(p_client_nonce) not between 1 and 64 then
    perform private.fail(
      'invalid_argument', 'A nonce has 1 to 64 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_client_nonce')
    );
  end if;

  select h.* into v_head from private.channel_heads h where h.channel_id = p_channel_id for no key update;

  -- Behind the head's lock, so that of two racing retries the second finds what the first has sent.
  select m.* into v_message
  from public.messages m
  where m.channel_id = p_channel_id and m.author_id = v_user_id and m.client_nonce = p_client_nonce;
  if found then
    return v_message;
  end if;

  if p_reply_to_seq is not null and not exists (
    select from public.messages m
    where m.channel_id = p_channel_id
      and m.seq = p_reply_to_seq
      and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
  ) then
    perform private.fail(
      'not_found', 'The message to answer does not exist.', 404, pg_catalog.jsonb_build_object('field', 'p_reply_to_seq')
    );
  end if;
  perform private.take_token('message_send', v_user_id::text);

  update private.channel_heads h
  set last_seq = h.last_seq + 1, revision = h.revision + 1
  where h.channel_id = p_channel_id
  returning h.* into v_head;

  insert into public.messages (channel_id, seq, author_id, body, reply_to_seq, client_nonce, revision, created_at)
  values (
    p_channel_id, v_head.last_seq, v_user_id, p_body, p_reply_to_seq, p_client_nonce, v_head.revision,
    -- Taken behind the lock, so that times do not run against numbers.
    pg_catalog.clock_timestamp()
  )
  returning * into v_message;

  insert into private.channel_events (channel_id, revision, kind, seq)
  values (p_channel_id, v_head.revision, 'created', v_head.last_seq);

  perform private.broadcast(
    private.channel_topic(p_channel_id), 'message_created',
    pg_catalog.jsonb_build_object(
      'revision', v_head.revision, 'kind', 'created', 'seq', v_head.last_seq, 'message', pg_catalog.to_jsonb(v_message)
    )
  );
  return v_message;
end
$$;

revoke all on function private.send_message(uuid, text, text, bigint) from public, anon, authenticated, service_role;
grant execute on function private.send_message(uuid, text, text, bigint) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched.
create function public.send_message(
  p_channel_id uuid,
  p_body text,
  p_client_nonce text default null,
  p_reply_to_seq bigint default null
)
returns public.messages
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.send_message(p_channel_id, p_body, p_client_nonce, p_reply_to_seq); $$;

comment on function public.send_message(uuid, text, text, bigint) is
$$Sends a message to a channel and returns it, with its `seq` and `revision`. Needs `send_messages`.
The same author and nonce give the same message back, for ever, and nothing is sent twice.
@param p_body 1 to 4,000 characters, kept byte for byte
@param p_client_nonce the sender's own mark, 1 to 64 characters; choose a new one for each message
@param p_reply_to_seq the message of this channel it answers
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, body_too_long, rate_limited
@idempotent by p_client_nonce$$;

revoke all on function public.send_message(uuid, text, text, bigint) from public, anon, authenticated, service_role;
grant execute on function public.send_message(uuid, text, text, bigint) to authenticated;
