-- messages: numbered per channel without gaps, in commit order. (channel_id, seq) is the message's only id.
create table public.messages (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  seq bigint not null,
  author_id uuid references public.profiles (id) on delete set null,
  body text not null check (pg_catalog.char_length(body) between 1 and 4000),
  reply_to_seq bigint,
  client_nonce text check (pg_catalog.char_length(client_nonce) between 1 and 64),
  revision bigint not null,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq),
  foreign key (channel_id, reply_to_seq) references public.messages (channel_id, seq) on delete set null (reply_to_seq)
);

comment on table public.messages is 'A message, known by its channel and its number there.';
comment on column public.messages.seq is 'Number in the channel: 1, 2, 3 … without gaps, in commit order.';
comment on column public.messages.author_id is 'Who sent it; null when the account is gone.';
comment on column public.messages.body is '1 to 4,000 characters.';
comment on column public.messages.reply_to_seq is 'The message of the same channel it answers.';
comment on column public.messages.client_nonce is 'The sender''s own mark, by which a retry is known: up to 64 characters.';
comment on column public.messages.revision is 'The channel''s revision at this message''s last change.';

-- What makes a send idempotent for ever.
create unique index messages_client_nonce on public.messages (channel_id, author_id, client_nonce)
where client_nonce is not null;
create index messages_author_id on public.messages (author_id);
create index messages_reply_to_seq on public.messages (channel_id, reply_to_seq) where reply_to_seq is not null;

alter table public.messages enable row level security;

create policy messages_select on public.messages
for select to authenticated using (
  channel_id = any ((select private.my_channel_ids('view_channel', 'read_history'))::uuid[])
  and (
    author_id is null
    or author_id not in (select private.hidden_author_ids())
    or not private.is_hidden(channel_id, author_id, created_at)
  )
);

revoke all on table public.messages from public, anon, authenticated, service_role;
grant select on table public.messages to authenticated;
