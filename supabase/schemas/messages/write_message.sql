-- write_message: gives a message its number, keeps it and tells of it. The caller holds the channel's head and has checked
-- everything: send_message what people write, say_what_happened what the server writes.
create function private.write_message(
  p_channel_id uuid,
  p_kind text,
  p_author_id uuid,
  p_body text,
  p_reply_to_seq bigint default null,
  p_client_nonce text default null,
  p_mentions jsonb default null,
  p_attachments jsonb default '[]',
  p_thread jsonb default null
)
returns public.messages
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_head private.channel_heads;
  v_message public.messages;
begin
  update private.channel_heads h
  set
    last_seq = h.last_seq + 1, revision = h.revision + 1,
    -- Behind the lock, so that times do not run against numbers.
    last_message_at = pg_catalog.clock_timestamp()
  where h.channel_id = p_channel_id
  returning h.* into v_head;

  insert into public.messages (
    channel_id, seq, kind, author_id, author_name, body, reply_to_seq, mentions, attachments, thread, client_nonce, revision,
    created_at
  )
  select
    p_channel_id, v_head.last_seq, p_kind, p.id, coalesce(m.nickname, p.display_name), p_body, p_reply_to_seq, p_mentions,
    case when p_attachments = '[]' then p_attachments else private.kept_attachments(p_attachments) end, p_thread, p_client_nonce,
    v_head.revision, v_head.last_message_at
  from public.profiles p
  left join public.community_members m on m.community_id = v_head.community_id and m.user_id = p.id
  where p.id = p_author_id
  returning * into v_message;

  if p_mentions is not null then
    perform private.write_mentions(v_message);
  end if;
  if p_attachments <> '[]' then
    perform private.write_attachments(v_message, p_attachments);
  end if;
  perform private.tell_change('created', v_message);
  return v_message;
end
$$;

revoke all on function private.write_message(uuid, text, uuid, text, bigint, text, jsonb, jsonb, jsonb) from public, anon, authenticated, service_role;
