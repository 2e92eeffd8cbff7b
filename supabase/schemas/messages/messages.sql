-- messages: numbered per channel without gaps, in commit order. (channel_id, seq) is the message's only id.
-- Only what is there to be read: a deleted message leaves its number and its nonce in tombstones, and nothing here. The
-- row holds all that a client shows of it, so that a page is one range of the primary key.
create table public.messages (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  seq bigint not null,
  kind text not null default 'text' check (kind in ('text', 'member_joined', 'channel_renamed', 'message_pinned', 'thread_created')),
  author_id uuid references public.profiles (id) on delete set null,
  author_name text check (pg_catalog.char_length(author_name) between 1 and 32),
  body text not null check (pg_catalog.char_length(body) <= 4000),
  reply_to_seq bigint,
  mentions jsonb,
  reactions jsonb not null default '[]',
  attachments jsonb not null default '[]',
  preview jsonb,
  pinned_at timestamptz,
  thread jsonb,
  edited_at timestamptz,
  client_nonce text check (pg_catalog.char_length(client_nonce) between 1 and 64),
  revision bigint not null,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq),
  check (kind <> 'text' or body <> '' or attachments <> '[]')
);

comment on table public.messages is 'A message, known by its channel and its number there. Those of threads are read by functions only.';
comment on column public.messages.seq is 'Number in the channel: 1, 2, 3 … without gaps, in commit order.';
comment on column public.messages.kind is $$What it says: a `text` of its author's, or what its author did: joined, renamed the channel or thread (`body` is the new name),
pinned the message `reply_to_seq`, opened a thread (`body` is its name).
@type {'text' | 'member_joined' | 'channel_renamed' | 'message_pinned' | 'thread_created'}$$;
comment on column public.messages.author_id is 'Who sent it; null when the account is gone.';
comment on column public.messages.author_name is 'The name its author was shown by when it was sent: 1 to 32 characters; null when the account is gone.';
comment on column public.messages.body is '1 to 4,000 characters; empty where `kind` or the files say it all.';
comment on column public.messages.reply_to_seq is 'The message of the same channel it answers, which may be gone.';
comment on column public.messages.mentions is $$Whom it mentions, as far as its author might; null: nobody.
@type {{ user_ids: string[]; role_ids: string[]; channel_ids: string[]; everyone: boolean }}$$;
comment on column public.messages.reactions is $$How many reacted with what, in the order of the first of each; at most 20.
@type {{ emoji: string; count: number }[]}$$;
comment on column public.messages.attachments is $$Its files, at most 10, in the order of sending. Of one that expires there is no name, type or size here, because the row
stays as it is when it does: they are in what functions return and in broadcasts (see described_message).
@type {{ id: string; path: string; name?: string; content_type?: string; size?: number; expires_at: string | null }[]}$$;
comment on column public.messages.preview is $$What the page behind its first link says of itself, where that was fetched; null: nothing. `url` is the link as it stands
in `body`; whoever shows `image_url` loads it from a stranger's server.
@type {{ url: string; title: string | null; description: string | null; site_name: string | null; image_url: string | null }}$$;
comment on column public.messages.pinned_at is 'Since when it is pinned; null: it is not.';
comment on column public.messages.thread is $$The thread that hangs on it; null: none. `last_seq`, how many messages were sent there, and `last_message_at` are told every few
seconds.
@type {{ id: string; name: string; is_locked: boolean; archive_after_minutes: number; archived_at: string | null; last_seq: number; last_message_at: string | null }}$$;
comment on column public.messages.edited_at is 'When its body was last edited; null: never.';
comment on column public.messages.client_nonce is 'The sender''s own mark, by which a retry is known: up to 64 characters.';
comment on column public.messages.revision is 'The channel''s revision at this message''s last change.';

-- What makes a send idempotent for ever; with tombstones, where it is deleted.
create unique index messages_client_nonce on public.messages (channel_id, author_id, client_nonce)
where client_nonce is not null;
create index messages_author_id on public.messages (author_id);
create index messages_pinned_at on public.messages (channel_id, pinned_at) where pinned_at is not null;
-- The newest of what people write, by time, which is the order of several channels together.
create index messages_created_at on public.messages (channel_id, created_at) where kind = 'text';

alter table public.messages enable row level security;

create policy messages_select on public.messages
for select to authenticated using (
  channel_id = any ((select private.my_readable_channel_ids())::uuid[])
  and (
    author_id is null
    or author_id not in (select private.hidden_author_ids())
    or not private.is_hidden(channel_id, author_id, created_at)
  )
);

revoke all on table public.messages from public, anon, authenticated, service_role;
grant select on table public.messages to authenticated;
