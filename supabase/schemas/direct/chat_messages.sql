-- chat_messages: what two people wrote to each other, under the names of the chat surface. Which of messages it shows is messages' own
-- policy, and which chats there are my_chat_threads: the view asks both as its reader.
-- A page by channel_id and seq is one range of the primary key of messages, read from one end. By thread_id it is the thread's range,
-- read as far as the planner bounds it by seq, or whole, and then sorted: PostgreSQL keeps no order through a join, even with one row. fetch_chat_history finds
-- the channel first.
create view public.chat_messages with (security_invoker = true) as
select
  m.channel_id::text || ':' || m.seq::text as id,
  t.thread_id,
  m.channel_id,
  m.seq,
  case m.author_id when t.my_id then t.my_mongo_id else t.other_mongo_id end as sender_mongo_id,
  case m.author_id when t.my_id then t.other_mongo_id else t.my_mongo_id end as recipient_mongo_id,
  m.author_id as sender_supabase_id,
  case m.author_id when t.my_id then t.other_id else t.my_id end as recipient_supabase_id,
  m.body,
  m.client_nonce as client_id,
  m.created_at,
  m.edited_at
from private.my_chat_threads() t
join public.messages m on m.channel_id = t.channel_id
where m.kind = 'text';

comment on view public.chat_messages is $$A message between two people who are known by their ids in another system.
@not_null id, thread_id, channel_id, seq, sender_mongo_id, recipient_mongo_id, sender_supabase_id, recipient_supabase_id, body, created_at$$;
comment on column public.chat_messages.id is '`<channel_id>:<seq>`, the same for ever. Filter by `channel_id` and `seq`, which have an index.';
comment on column public.chat_messages.thread_id is 'Both external ids in the order of their bytes, joined by `_`.';
comment on column public.chat_messages.seq is 'Number in the chat: rising in commit order, with gaps where messages are deleted or not of people.';
comment on column public.chat_messages.body is '1 to 4,000 characters; empty where there are only files.';
comment on column public.chat_messages.client_id is 'The sender''s own mark, by which a retry is known: up to 64 characters.';
comment on column public.chat_messages.edited_at is 'When its body was last edited; null: never.';

revoke all on table public.chat_messages from public, anon, authenticated, service_role;
grant select on table public.chat_messages to authenticated;
