-- social_messages: what people wrote, in the columns of a plain chat surface. What it shows of whom is messages' own
-- policy: the view asks as its reader.
create view public.social_messages with (security_invoker = true) as
select
  m.channel_id::text || ':' || m.seq::text as id,
  m.channel_id,
  m.seq,
  m.author_id as sender_id,
  m.author_name as sender_name,
  m.body,
  m.client_nonce as client_id,
  m.reply_to_seq,
  m.created_at,
  m.edited_at
from public.messages m
where m.kind = 'text';

comment on view public.social_messages is $$A message that somebody wrote, for clients of the social surface.
@not_null id, channel_id, seq, body, created_at$$;
comment on column public.social_messages.id is '`<channel_id>:<seq>`, the same for ever. Filter by `channel_id` and `seq`, which have an index.';
comment on column public.social_messages.seq is 'Number in the channel: rising in commit order, with gaps where messages are deleted or not of this kind.';
comment on column public.social_messages.sender_id is 'Who sent it; null when the account is gone.';
comment on column public.social_messages.sender_name is 'The name its sender was shown by when it was sent; null when the account is gone.';
comment on column public.social_messages.body is '1 to 4,000 characters; empty where there are only files.';
comment on column public.social_messages.client_id is 'The sender''s own mark, by which a retry is known: up to 64 characters.';
comment on column public.social_messages.reply_to_seq is 'The message of the same channel it answers, which may be gone.';
comment on column public.social_messages.edited_at is 'When its body was last edited; null: never.';

revoke all on table public.social_messages from public, anon, authenticated, service_role;
grant select on table public.social_messages to authenticated;
