-- send_message: the one way what people write enters a channel.
-- Gate: send_messages, and attach_files where there are files. Limits: message_send and attachment_send per user, and the channel's
-- slow mode.
create function private.send_message(
  p_channel_id uuid,
  p_body text,
  p_client_nonce text,
  p_reply_to_seq bigint,
  p_attachments jsonb
)
returns public.described_message
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
  v_held bigint := private.begin_message_change(p_channel_id, 'send_messages');
  v_body text;
  v_attachments jsonb := '[]'::jsonb;
  v_now record;
  v_message public.messages;
begin
  if pg_catalog.char_length(p_client_nonce) not between 1 and 64 then
    perform private.fail(
      'invalid_argument', 'A nonce has 1 to 64 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_client_nonce')
    );
  end if;
  v_body := private.require_body(p_body, p_attachments <> '[]');

  -- Behind the head's lock, so that of two racing retries the second finds what the first has sent. A thread has its channel's slow
  -- mode, a direct channel none. One statement: each costs a send as much as the row it looks for.
  select h.community_id, h.parent_id, coalesce(c.slow_mode_seconds, 0) as slow_mode_seconds, m as sent, t.seq is not null as was_deleted
  into v_now
  from private.channel_heads h
  left join public.channels c on c.id = coalesce(h.parent_id, h.channel_id)
  left join public.messages m
    on m.channel_id = h.channel_id and m.author_id = v_user_id and m.client_nonce = p_client_nonce
  left join private.tombstones t
    on t.channel_id = h.channel_id and t.author_id = v_user_id and t.client_nonce = p_client_nonce
  where h.channel_id = p_channel_id;
  v_message := v_now.sent;
  if v_message.seq is not null then
    return private.described(v_message, v_held);
  end if;
  if v_now.was_deleted then
    perform private.fail('expired', 'This message was sent, and has been deleted since.', 410);
  end if;

  if p_reply_to_seq is not null then
    -- Whoever may not read what is there does not learn by answering it what is.
    perform private.require_in_channel(p_channel_id, 'read_history');
    perform private.require_message(p_channel_id, p_reply_to_seq, 'p_reply_to_seq');
  end if;
  if p_attachments <> '[]' then
    perform private.require_in_channel(p_channel_id, 'attach_files');
    v_attachments := private.require_attachments(p_channel_id, p_attachments);
  end if;
  perform private.keep_slow_mode(p_channel_id, v_now.slow_mode_seconds, v_user_id, v_held);
  perform private.take_token('message_send', v_user_id::text);

  v_message := private.write_message(
    p_channel_id, 'text', v_user_id, v_body, p_reply_to_seq, p_client_nonce,
    private.mentions_in(v_body, p_channel_id, v_held), v_attachments
  );
  if v_now.parent_id is not null then
    perform private.take_up_thread(p_channel_id, v_user_id);
  elsif v_now.community_id = p_channel_id then
    perform private.tell_direct_message(v_message);
  end if;
  if pg_catalog.strpos(v_body, '://') > 0 then
    perform private.queue_link_preview(v_message, v_held);
  end if;
  perform private.advance_read(v_now.community_id, p_channel_id, v_user_id, v_message.seq);
  return private.described(v_message, v_held);
end
$$;

revoke all on function private.send_message(uuid, text, text, bigint, jsonb) from public, anon, authenticated, service_role;
grant execute on function private.send_message(uuid, text, text, bigint, jsonb) to authenticated;

-- The timeout is for the Data API, which sets it for the whole statement: a caller may filter the row that comes back
-- with a pattern of its own, and the locks are held while it is matched. In plpgsql, unlike others of its kind: a function in sql is
-- planned anew with each call.
create function public.send_message(
  p_channel_id uuid,
  p_body text,
  p_client_nonce text default null,
  p_reply_to_seq bigint default null,
  p_attachments jsonb default null
)
returns public.described_message
language plpgsql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ begin return private.send_message(p_channel_id, p_body, p_client_nonce, p_reply_to_seq, p_attachments); end $$;

comment on function public.send_message(uuid, text, text, bigint, jsonb) is
$$Sends a message to a channel or thread and returns it, with its `seq` and `revision`. Needs `send_messages`.
The same author and nonce give the same message back, for ever, and nothing is sent twice; when it has been deleted
meanwhile: `expired`. `<@user>`, `<#channel>`, and with `mention_everyone` `<@&role>` and `@everyone` mention by id; what may not be
mentioned stays text. In a thread it needs `send_in_threads` instead; the sender follows the thread from then on, and an archived one is
open again, where the channel has room for one more that is open (`limit_reached`).
@param p_body 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C. May be empty where there
are files
@param p_client_nonce the sender's own mark, 1 to 64 characters; choose a new one for each message
@param p_reply_to_seq the message of this channel it answers; needs `read_history`
@param p_attachments {{ id: string; name: string; expires_at?: string | null }[] | null} at most 10 files that the caller has put into the
bucket `attachments`, at `<channel id>/<own user id>/<id>`, and not sent yet; needs `attach_files`. `name` is what it is called, 1 to 255
characters; from `expires_at` on, at most a year from now, nobody sees it
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, body_too_long, expired, limit_reached, slow_mode, rate_limited
@idempotent by p_client_nonce$$;

revoke all on function public.send_message(uuid, text, text, bigint, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.send_message(uuid, text, text, bigint, jsonb) to authenticated;
