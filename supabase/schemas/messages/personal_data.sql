-- What of this domain's tables is whose (see personal_data).
insert into private.personal_data (relation, user_column, section, key, item) values
  ('public.messages', 'author_id', 'messages', '{channel_id,seq}', $$jsonb_build_object(
    'channel_id', t.channel_id, 'seq', t.seq, 'kind', t.kind, 'author_name', t.author_name, 'body', t.body, 'reply_to_seq', t.reply_to_seq,
    'attachments', case when t.attachments = '[]' then t.attachments else (
      select coalesce(jsonb_agg(a.shown || jsonb_build_object('path', a.path)), '[]') from private.attachments a
      where a.channel_id = t.channel_id and a.seq = t.seq) end,
    'created_at', t.created_at, 'edited_at', t.edited_at, 'client_nonce', t.client_nonce,
    'edits', case when t.edited_at is null then '[]' else (
      select coalesce(jsonb_agg(jsonb_build_object('body', e.body, 'until', e.edited_at) order by e.revision), '[]') from private.message_edits e
      where e.channel_id = t.channel_id and e.seq = t.seq) end)$$),
  ('private.reactions', 'user_id', 'reactions', '{channel_id,seq,emoji}', $$to_jsonb(t) - 'user_id'$$),
  ('private.channel_reads', 'user_id', 'channels_read', '{community_id,channel_id}', $$to_jsonb(t) - 'user_id'$$);

insert into private.personal_data (relation, user_column, reason) values
  ('private.message_mentions', 'subject_id', 'Of messages that others wrote'),
  ('private.tombstones', 'author_id', 'What is deleted has no content'),
  ('private.attachments', 'user_id', 'With the messages; what is not sent is gone within a day'),
  ('private.slow_mode_sends', 'user_id', 'Gone within six hours');
