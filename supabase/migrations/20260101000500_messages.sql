-- Generated from supabase/schemas/messages by npm run generate; do not edit.

-- schemas/messages/rate_limits.sql

insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('message_send', 300, '5 minutes', 'Messages sent, per user: one a second without a pause is more than anybody types, and a bot that answers passes'),
  ('attachment_send', 200, '1 hour', 'Files sent with messages, per user: an album or two at once; each stays in Storage'),
  ('message_edit', 120, '5 minutes', 'Messages edited, per user: each keeps what was there before'),
  ('message_delete', 120, '5 minutes', 'Calls that delete messages, per user: a channel is tidied a hundred at a time'),
  ('message_pin', 60, '10 minutes', 'Messages pinned or unpinned, per user: each is a message of its own, and a channel has 50 pins'),
  ('reaction', 300, '5 minutes', 'Reactions added, removed or cleared, per user: a click each, sent to all who have the channel open'),
  ('link_preview', 60, '10 minutes', 'Links that are looked at, per user: each makes the server fetch a page; what is above has no preview'),
  ('thread_create', 20, '10 minutes', 'Threads opened, per user: each is announced in its channel and takes one of its places'),
  ('thread_change', 60, '10 minutes', 'Changes of threads and of who follows them, per user: some are told to the whole channel'),
  ('typing', 60, '5 minutes', 'Times somebody is told to be writing, per user: one in five seconds keeps the sign up'),
  ('message_search', 60, '1 minute', 'Searches of messages, per user: the dearest of what is read'),
  ('mark_read', 600, '5 minutes', 'Channels marked as read, per user: scrolling through all channels passes; each is told to one''s other devices');

-- schemas/messages/events.sql

-- Every change of a message carries revision, kind, seq and message: its row as everybody sees it, null where it is gone.
insert into private.topic_events (prefix, event, description) values
  ('channel', 'message_created', 'A message came'),
  ('channel', 'message_edited', 'A message says something else'),
  ('channel', 'message_deleted', 'Messages are gone. Payload also: seqs, all their numbers'),
  ('channel', 'message_anonymised', 'Their author''s account has ended: author_id, author_name and client_nonce of these are null. Payload: revision, kind, seq, seqs (all their numbers), and no message'),
  ('channel', 'message_reacted', 'Its reactions changed. Payload also, where it was one: reaction (emoji, user_id, is_added)'),
  ('channel', 'message_pinned', 'A message was pinned'),
  ('channel', 'message_unpinned', 'A message is pinned no longer'),
  ('channel', 'message_previewed', 'What its link leads to is shown with it'),
  ('channel', 'message_threaded', 'The thread that hangs on a message began, changed or is gone'),
  ('channel', 'thread_updated', 'On a thread''s own topic: it was renamed, locked, archived, or opened again. Payload: thread_id'),
  ('channel', 'thread_deleted', 'On a thread''s own topic, its last event. Payload: thread_id'),
  ('channel', 'moved', 'Last event on this name of a private thread or a direct group: somebody is its member no longer. Payload: thread_id or channel_id'),
  ('channel', 'typing', 'Somebody is writing. Payload: user_id'),
  ('activity', 'channel_activity', 'Something is new, told once in 5 seconds. Payload: community_id, channels (channel_id, parent_id, last_seq)'),
  ('user', 'thread_activity', 'Something is new in private threads of yours, told once in 5 seconds. Payload: community_id, channels (channel_id, parent_id, last_seq)'),
  ('user', 'thread_membership', 'You follow a thread, or do not any more. Payload: channel_id, thread_id, is_member'),
  ('user', 'channel_read', 'You have read a channel, on this device or another. Payload: channel_id, last_read_seq');

-- schemas/messages/hidden_author_ids.sql

-- hidden_author_ids: authors of whom a ban has hidden something in one of the caller's communities. Asked once per
-- statement, so that only their messages are looked at any closer (see is_hidden). A set and not an array: a policy looks
-- in it by hash, and an array it would read from end to end for every message, which after a thousand bans is all it does.
create function private.hidden_author_ids()
returns setof uuid
language plpgsql stable security definer set search_path = '' rows 100
as $$
begin
  return query
  select distinct h.author_id
  from public.community_members m
  join private.hidden_messages h on h.community_id = m.community_id
  where m.user_id = (select auth.uid());
end
$$;

revoke all on function private.hidden_author_ids() from public, anon, authenticated, service_role;
grant execute on function private.hidden_author_ids() to authenticated;

-- schemas/messages/is_hidden.sql

-- is_hidden: whether a ban has hidden a message of this author, sent to this channel at this time.
create function private.is_hidden(p_channel_id uuid, p_author_id uuid, p_created_at timestamptz)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select
    from private.channel_heads c
    join private.hidden_messages h on h.community_id = c.community_id and h.author_id = p_author_id
    where c.channel_id = p_channel_id and p_created_at between h.since and h.until
  );
end
$$;

revoke all on function private.is_hidden(uuid, uuid, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.is_hidden(uuid, uuid, timestamptz) to authenticated;

-- schemas/messages/channel_heads.sql

-- channel_heads: the last numbers of each channel. Whoever changes something in a channel locks its row until the end of
-- the transaction, so numbers have no gaps and follow the order of commits.
-- last_mention_seq: no later message mentions anybody, so that who has read up to there need not be asked about.
-- Messages and the feed hang on the head and not on the channel: when the channel goes nobody reads them any more, at
-- once, and the sweep removes them afterwards in batches. Deleting a channel costs the same however much was written.
-- A thread has a head like a channel, so to everything that asks for a channel's messages it is one: parent_id is the channel that
-- it belongs to, and null for channels themselves.
-- A direct channel has no community and is one to itself: community_id is its own id, under which its lock is taken.
create table private.channel_heads (
  channel_id uuid primary key,
  community_id uuid not null,
  parent_id uuid,
  last_seq bigint not null default 0,
  revision bigint not null default 0,
  last_mention_seq bigint not null default 0,
  last_message_at timestamptz,
  deleted_at timestamptz
)
-- Room for the new version of the row on the same page: each message updates one row here, and no index.
with (fillfactor = 50);

create index channel_heads_deleted_at on private.channel_heads (deleted_at) where deleted_at is not null;

revoke all on table private.channel_heads from public, anon, authenticated, service_role;

-- Every channel has its head from its first moment on.
create function private.create_channel_heads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.channel_heads (channel_id, community_id) select c.id, c.community_id from new_channels c;
  return null;
end
$$;

revoke all on function private.create_channel_heads() from public, anon, authenticated, service_role;

create trigger messages_create_channel_heads
after insert on public.channels
referencing new table as new_channels
for each statement execute function private.create_channel_heads();

-- And its last moment.
create function private.end_channel_heads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.channel_heads h
  set deleted_at = pg_catalog.now()
  where h.channel_id in (select c.id from gone_channels c);
  return null;
end
$$;

revoke all on function private.end_channel_heads() from public, anon, authenticated, service_role;

create trigger messages_end_channel_heads
after delete on public.channels
referencing old table as gone_channels
for each statement execute function private.end_channel_heads();

-- Threads, alike.
create function private.create_thread_heads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.channel_heads (channel_id, community_id, parent_id)
  select t.id, t.community_id, t.channel_id from new_threads t;
  return null;
end
$$;

revoke all on function private.create_thread_heads() from public, anon, authenticated, service_role;

create trigger messages_create_thread_heads
after insert on private.threads
referencing new table as new_threads
for each statement execute function private.create_thread_heads();

create trigger messages_end_thread_heads
after delete on private.threads
referencing old table as gone_channels
for each statement execute function private.end_channel_heads();

-- And direct channels.
create function private.create_direct_heads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.channel_heads (channel_id, community_id) select d.id, d.id from new_channels d;
  return null;
end
$$;

revoke all on function private.create_direct_heads() from public, anon, authenticated, service_role;

create trigger messages_create_direct_heads
after insert on private.direct_channels
referencing new table as new_channels
for each statement execute function private.create_direct_heads();

create trigger messages_end_direct_heads
after delete on private.direct_channels
referencing old table as gone_channels
for each statement execute function private.end_channel_heads();

-- schemas/messages/messages.sql

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

-- schemas/messages/message_lexemes.sql

-- search_period: the number of the 30 days that a time belongs to.
create function private.search_period(p_at timestamptz)
returns integer
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  return pg_catalog.floor(extract(epoch from p_at at time zone 'UTC') / 2592000)::integer;
end
$$;

revoke all on function private.search_period(timestamptz) from public, anon, authenticated, service_role;

-- message_lexemes: what a message is found by: its words, and by whom, where, when and with what it is, so that one index answers a
-- search together with its scope. The latter begin with a capital, which no word keeps: whatever is typed, it is never taken for one.
-- Nothing in it changes but by an edit: a reaction or a pin writes no index.
-- Words are not reduced to stems, because a community may write in any language, or in several.
-- Its cost is what keeps the planner from trying it on every message.
create function private.message_lexemes(
  p_channel_id uuid,
  p_author_id uuid,
  p_body text,
  p_reply_to_seq bigint,
  p_mentions jsonb,
  p_attachments jsonb,
  p_created_at timestamptz
)
returns tsvector
language plpgsql immutable security invoker set search_path = '' cost 2000
as $$
begin
  -- Whom it mentions is no word of it; and what stands in angle brackets is, which the parser takes for a tag.
  return pg_catalog.to_tsvector('pg_catalog.simple'::regconfig, pg_catalog.translate(
    case
      when p_mentions is null then p_body
      else pg_catalog.regexp_replace(p_body, '<(@|@&|#)[0-9a-f-]{36}>', ' ', 'g')
    end,
    '<>', '  '
  )) || pg_catalog.array_to_tsvector(pg_catalog.array_remove(array[
    'C' || p_channel_id,
    'A' || p_author_id,
    'T' || private.search_period(p_created_at),
    case when pg_catalog.strpos(p_body, '://') > 0 and p_body ~* '\mhttps?://[^[:space:]]' then 'Hlink' end,
    case when p_mentions is not null then 'Hmention' end,
    case when p_attachments <> '[]' then 'Hattachment' end,
    case when p_reply_to_seq is not null then 'Hreply' end
  ], null));
end
$$;

revoke all on function private.message_lexemes(uuid, uuid, text, bigint, jsonb, jsonb, timestamptz) from public, anon, authenticated, service_role;

-- What the server writes is not searched.
create index messages_lexemes on public.messages
using gin (private.message_lexemes(channel_id, author_id, body, reply_to_seq, mentions, attachments, created_at))
where kind = 'text';

-- schemas/messages/attachments_bucket.sql

-- The Storage bucket that files of messages lie in: private, up to 25 MiB each. Made again it is made private again.
insert into storage.buckets (id, name, public, file_size_limit)
values ('attachments', 'attachments', false, 26214400)
on conflict (id) do update set public = excluded.public, file_size_limit = excluded.file_size_limit;

-- schemas/messages/attachment_ids.sql

-- attachment_ids: the channel, the user and the file that a path in the bucket names: <channel_id>/<user_id>/<uuid>, and nothing
-- else. Null where it is no such path.
create function private.attachment_ids(p_path text)
returns uuid[]
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_path ~ '^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(/|$)){3}$' and pg_catalog.length(p_path) = 110 then
    return pg_catalog.string_to_array(p_path, '/')::uuid[];
  end if;
  return null;
end
$$;

revoke all on function private.attachment_ids(text) from public, anon, authenticated, service_role;

-- schemas/messages/attachments.sql

-- attachments: what is in the bucket, one row for each object from its upload until Storage has removed it. It says which message an
-- object belongs to, so that a policy asks one index and a sweep never walks the bucket.
create table private.attachments (
  path text primary key,
  channel_id uuid not null,
  user_id uuid not null,
  -- The message it was sent with; null: not sent. It stays when the message goes: what was sent once is never sent again.
  seq bigint,
  -- What clients are shown of it; null: not sent.
  shown jsonb,
  -- From when on nobody reads it and it is to be removed.
  remove_at timestamptz not null,
  -- When it was last handed out for removal (see claim_attachment_removals).
  claimed_at timestamptz
);

create index attachments_message on private.attachments (channel_id, seq) where seq is not null;
create index attachments_user_id on private.attachments (user_id) where seq is null;
create index attachments_remove_at on private.attachments (remove_at);

revoke all on table private.attachments from public, anon, authenticated, service_role;

-- has_room_for_attachment: whether somebody has fewer than 50 files there that are not sent.
create function private.has_room_for_attachment(p_user_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select pg_catalog.count(*) < 50
    from (select from private.attachments a where a.user_id = p_user_id and a.seq is null limit 50) unsent
  );
end
$$;

revoke all on function private.has_room_for_attachment(uuid) from public, anon, authenticated, service_role;

-- Storage asks the policies before it takes a file and writes the row afterwards, as a superuser: uploads that run side by side, and
-- upload URLs that were signed before, pass them all together. So the bounds are kept here once more, where the row is written, and
-- whoever writes it. Of all refusals Storage hands on only 42501 as what it is.
create function private.keep_attachment()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ids uuid[] := private.attachment_ids(new.name);
begin
  if v_ids is null then
    raise insufficient_privilege using message = 'Files lie at <channel id>/<user id>/<uuid> in this bucket.';
  end if;
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('attachments:' || v_ids [2], 0));
  -- volatile: it sees what the one before has committed.
  if not private.has_room_for_attachment(v_ids [2]) then
    raise insufficient_privilege using message = 'There are 50 files that were not sent: send or remove some first.';
  end if;

  insert into private.attachments (path, channel_id, user_id, remove_at)
  values (new.name, v_ids [1], v_ids [2], pg_catalog.now() + interval '24 hours');
  return null;
end
$$;

revoke all on function private.keep_attachment() from public, anon, authenticated, service_role;

create trigger guildhall_keep_attachment
after insert on storage.objects
for each row when (new.bucket_id = 'attachments')
execute function private.keep_attachment();

-- A file that is there is never another: an upload that began before the first had ended would take its place, also when that was
-- sent and checked long ago.
create function private.refuse_changed_attachment()
returns trigger
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise insufficient_privilege using message = 'Files in this bucket do not change.';
end
$$;

revoke all on function private.refuse_changed_attachment() from public, anon, authenticated, service_role;

create trigger guildhall_refuse_changed_attachment
before update on storage.objects
for each row when (
  (old.bucket_id = 'attachments' or new.bucket_id = 'attachments')
  and (old.bucket_id, old.name, old.version, old.owner_id, old.metadata)
    is distinct from (new.bucket_id, new.name, new.version, new.owner_id, new.metadata)
)
execute function private.refuse_changed_attachment();

-- What its owner removes was never sent. Asked once more behind the lock of the row, which a send holds until it commits.
create function private.forget_attachment()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_attachment private.attachments;
begin
  delete from private.attachments a where a.path = old.name returning a.* into v_attachment;
  if v_attachment.seq is not null and auth.role() = 'authenticated' then
    raise insufficient_privilege using message = 'What was sent goes with its message.';
  end if;
  return null;
end
$$;

revoke all on function private.forget_attachment() from public, anon, authenticated, service_role;

create trigger guildhall_forget_attachment
after delete on storage.objects
for each row when (old.bucket_id = 'attachments')
execute function private.forget_attachment();

-- However a message goes, its files go with it.
create function private.release_attachments()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.attachments a set remove_at = pg_catalog.now()
  where a.channel_id = old.channel_id and a.seq = old.seq and a.remove_at > pg_catalog.now();
  return null;
end
$$;

revoke all on function private.release_attachments() from public, anon, authenticated, service_role;

create trigger messages_release_attachments
after delete on public.messages
for each row when (old.attachments <> '[]')
execute function private.release_attachments();

-- schemas/messages/may_upload_attachment.sql

-- may_upload_attachment: whether the caller may put a file at this path of the bucket now. About the caller only.
create function private.may_upload_attachment(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_ids uuid[] := private.attachment_ids(p_path);
  v_needed bigint := private.permission_mask('send_messages', 'attach_files');
begin
  return coalesce(
    v_ids [2] = (select auth.uid())
    and private.channel_permissions(v_ids [1]) & v_needed = v_needed
    and private.has_room_for_attachment(v_ids [2]),
    false
  );
end
$$;

revoke all on function private.may_upload_attachment(text) from public, anon, authenticated, service_role;
grant execute on function private.may_upload_attachment(text) to authenticated;

-- schemas/messages/may_read_attachment.sql

-- may_read_attachment: whether the caller may read the file at this path of the bucket: their own until it is sent, and then whoever
-- may read the message, for as long as that is there and the file has not expired. About the caller only.
create function private.may_read_attachment(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_attachment private.attachments;
begin
  select a.* into v_attachment from private.attachments a where a.path = p_path;
  if not found then
    return false;
  end if;
  if v_attachment.seq is null then
    return coalesce(v_attachment.user_id = (select auth.uid()), false);
  end if;
  return v_attachment.remove_at > pg_catalog.now()
    and coalesce(private.channel_permissions(v_attachment.channel_id) & private.permission_mask('read_history') <> 0, false)
    and exists (
      select from public.messages m
      where m.channel_id = v_attachment.channel_id and m.seq = v_attachment.seq
        and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
    );
end
$$;

revoke all on function private.may_read_attachment(text) from public, anon, authenticated, service_role;
grant execute on function private.may_read_attachment(text) to authenticated;

-- schemas/messages/may_remove_attachment.sql

-- may_remove_attachment: whether the file at this path of the bucket is the caller's own and was never sent.
create function private.may_remove_attachment(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.attachments a where a.path = p_path and a.seq is null and a.user_id = (select auth.uid())
  );
end
$$;

revoke all on function private.may_remove_attachment(text) from public, anon, authenticated, service_role;
grant execute on function private.may_remove_attachment(text) to authenticated;

-- schemas/messages/attachment_policies.sql

-- Who may do what in the bucket. There is none for UPDATE: no file takes another's place, and none is moved.
create policy guildhall_attachments_insert on storage.objects
for insert to authenticated with check (bucket_id = 'attachments' and private.may_upload_attachment(name));

-- Nobody lists the bucket: messages say what there is, and a list would ask the gate of each file there is, whoever asks (3.5 s for
-- 100,000). Storage says in this setting what it is asked for.
create policy guildhall_attachments_select on storage.objects
for select to authenticated using (
  bucket_id = 'attachments'
  and (
    select coalesce(pg_catalog.current_setting('storage.operation', true), '') not in (
      'storage.object.list', 'storage.object.list_v2', 'storage.s3.object.list'
    )
  )
  and private.may_read_attachment(name)
);

create policy guildhall_attachments_delete on storage.objects
for delete to authenticated using (bucket_id = 'attachments' and private.may_remove_attachment(name));

-- schemas/messages/shown_attachments.sql

-- kept_attachments: what a message's row keeps of its files. A table that clients read for themselves cannot leave out what has
-- expired meanwhile, so of a file that expires it says neither what it is called nor what it is.
create function private.kept_attachments(p_attachments jsonb)
returns jsonb
language plpgsql immutable security definer set search_path = ''
as $$
begin
  return (
    select pg_catalog.jsonb_agg(
      case when i.item -> 'expires_at' = 'null' then i.item else i.item - '{name,content_type,size}'::text[] end order by i.place
    )
    from pg_catalog.jsonb_array_elements(p_attachments) with ordinality as i (item, place)
  );
end
$$;

revoke all on function private.kept_attachments(jsonb) from public, anon, authenticated, service_role;

-- shown_attachments: what clients are shown of these, which the row of the message with this number keeps: all of those that have not
-- expired. When one that has is swept, its owner may put another to its path, which is not this message's.
create function private.shown_attachments(p_seq bigint, p_attachments jsonb)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not p_attachments @? '$[*].expires_at ? (@ != null)' then
    return p_attachments;
  end if;
  return coalesce(
    (
      select pg_catalog.jsonb_agg(coalesce(a.shown, i.item) order by i.place)
      from pg_catalog.jsonb_array_elements(p_attachments) with ordinality as i (item, place)
      left join private.attachments a
        on a.path = i.item ->> 'path' and a.seq = p_seq and a.remove_at > pg_catalog.now()
      where i.item -> 'expires_at' = 'null' or a.path is not null
    ),
    '[]'
  );
end
$$;

revoke all on function private.shown_attachments(bigint, jsonb) from public, anon, authenticated, service_role;

-- shown_message: a message with its files as clients are shown them.
create function private.shown_message(p_message public.messages)
returns public.messages
language plpgsql stable security definer set search_path = ''
as $$
begin
  p_message.attachments := private.shown_attachments(p_message.seq, p_message.attachments);
  return p_message;
end
$$;

revoke all on function private.shown_message(public.messages) from public, anon, authenticated, service_role;

-- schemas/messages/tombstones.sql

-- tombstones: what is left of deleted messages: the number, which is never given again, and the nonce, so that a send that
-- is tried again does not bring the message back.
create table private.tombstones (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  seq bigint not null,
  author_id uuid references public.profiles (id) on delete set null,
  client_nonce text,
  deleted_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq)
);

create index tombstones_client_nonce on private.tombstones (channel_id, author_id, client_nonce)
where client_nonce is not null;
create index tombstones_author_id on private.tombstones (author_id);

revoke all on table private.tombstones from public, anon, authenticated, service_role;

-- schemas/messages/message_edits.sql

-- message_edits: what a message said before it was edited. It goes with the message.
create table private.message_edits (
  channel_id uuid not null,
  seq bigint not null,
  revision bigint not null,
  body text not null,
  edited_at timestamptz not null,
  primary key (channel_id, seq, revision),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

comment on column private.message_edits.revision is 'The message''s revision while it said this.';
comment on column private.message_edits.edited_at is 'When it said this no longer.';

revoke all on table private.message_edits from public, anon, authenticated, service_role;

-- schemas/messages/message_mentions.sql

-- message_mentions: who is mentioned where, one row per user or role (for everyone: the default role), so that a member's
-- unread mentions are a range of an index for each role held.
create table private.message_mentions (
  channel_id uuid not null,
  subject_id uuid not null,
  seq bigint not null,
  primary key (channel_id, subject_id, seq),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

create index message_mentions_seq on private.message_mentions (channel_id, seq);

revoke all on table private.message_mentions from public, anon, authenticated, service_role;

-- schemas/messages/reactions.sql

-- reactions: who reacted to what with what. The messages' own rows have the counts.
-- user_id names no profile: when an account ends its reactions stay counted, as its messages stay.
create table private.reactions (
  channel_id uuid not null,
  seq bigint not null,
  emoji text not null,
  user_id uuid not null,
  reacted_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq, emoji, user_id),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

-- One's own reactions on a page are one range, and all of one's own another.
create index reactions_user_id on private.reactions (user_id, channel_id, seq);

revoke all on table private.reactions from public, anon, authenticated, service_role;

-- schemas/messages/link_preview_requests.sql

-- link_preview_requests: the messages whose link has yet to be looked at, one row for each. Whoever claims one has it to
-- itself until claimable_at; who crashes loses it to the next, three times in all. A row goes with its message, when the
-- link is looked at, when an edit takes the link away, and after a day in which nobody came.
create table private.link_preview_requests (
  channel_id uuid not null,
  seq bigint not null,
  url text not null check (pg_catalog.char_length(url) <= 2048),
  tries smallint not null default 0,
  claimable_at timestamptz not null default pg_catalog.now(),
  primary key (channel_id, seq),
  foreign key (channel_id, seq) references public.messages (channel_id, seq) on delete cascade
);

create index link_preview_requests_claimable_at on private.link_preview_requests (claimable_at);

revoke all on table private.link_preview_requests from public, anon, authenticated, service_role;

-- schemas/messages/link_previews.sql

-- link_previews: what links were found to lead to, so that one that is posted in many places is fetched once. It is the same
-- for everybody: pages are fetched without any credentials. preview: as in messages; null: there was nothing to show.
create table private.link_previews (
  url_hash bytea primary key,
  preview jsonb,
  fetched_at timestamptz not null default pg_catalog.clock_timestamp()
);

comment on column private.link_previews.url_hash is 'SHA-256 of the link as it was written: a link may be longer than a key.';

create index link_previews_fetched_at on private.link_previews (fetched_at);

revoke all on table private.link_previews from public, anon, authenticated, service_role;

-- For how long: an hour, and where nothing was found five minutes, because that may be a passing fault.
create function private.is_known_link(p_known private.link_previews)
returns boolean
language sql stable security invoker set search_path = ''
as $$
  select p_known.fetched_at > pg_catalog.now() - case when p_known.preview is null then interval '5 minutes' else interval '1 hour' end;
$$;

revoke all on function private.is_known_link(private.link_previews) from public, anon, authenticated, service_role;

-- schemas/messages/channel_events.sql

-- channel_events: the change feed. One row per revision, kept for at least 72 hours. It says what changed and not how: whoever
-- asks gets the message as it is now, so what is deleted is in no old entry. seqs: all numbers, where several messages
-- were deleted or lost their author at once.
create table private.channel_events (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  revision bigint not null,
  kind text not null check (kind in ('created', 'edited', 'deleted', 'reacted', 'pinned', 'unpinned', 'threaded', 'previewed', 'anonymised')),
  seq bigint not null,
  seqs bigint[],
  at timestamptz not null default pg_catalog.clock_timestamp(),
  primary key (channel_id, revision)
);

-- For the sweep; rows arrive in the order of time, so a block-range index is enough and costs a send next to nothing.
create index channel_events_at on private.channel_events using brin (at);

revoke all on table private.channel_events from public, anon, authenticated, service_role;

-- schemas/messages/channel_reads.sql

-- channel_reads: up to where each member has read each channel. No row: nothing of it. The key begins as list_unread asks.
create table private.channel_reads (
  community_id uuid not null,
  user_id uuid not null,
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  last_read_seq bigint not null,
  primary key (community_id, user_id, channel_id),
  foreign key (community_id, user_id) references public.community_members (community_id, user_id) on delete cascade
)
-- Room for the new version of a row on the same page: reading updates no index.
with (fillfactor = 80);

create index channel_reads_channel_id on private.channel_reads (channel_id);

revoke all on table private.channel_reads from public, anon, authenticated, service_role;

-- Whoever joins has nothing unread: what was written before is history.
create function private.begin_channel_reads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.channel_reads (community_id, user_id, channel_id, last_read_seq)
  select m.community_id, m.user_id, c.id, h.last_seq
  from new_members m
  join public.channels c on c.community_id = m.community_id
  join private.channel_heads h on h.channel_id = c.id
  where h.last_seq > 0;
  return null;
end
$$;

revoke all on function private.begin_channel_reads() from public, anon, authenticated, service_role;

create trigger messages_begin_channel_reads
after insert on public.community_members
referencing new table as new_members
for each statement execute function private.begin_channel_reads();

-- schemas/messages/slow_mode_sends.sql

-- slow_mode_sends: when who last sent to a channel while it had slow mode. A fact and no rate limit: it must outlast a crash.
create table private.slow_mode_sends (
  channel_id uuid not null references private.channel_heads (channel_id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  sent_at timestamptz not null,
  primary key (channel_id, user_id)
);

create index slow_mode_sends_user_id on private.slow_mode_sends (user_id);
create index slow_mode_sends_sent_at on private.slow_mode_sends (sent_at);

revoke all on table private.slow_mode_sends from public, anon, authenticated, service_role;

-- schemas/messages/described_message.sql

-- described_message: a message as a row on the screen needs it. The columns of messages, in their order, and what differs from reader
-- to reader or is read from other messages.
create type public.described_message as (
  channel_id uuid,
  seq bigint,
  kind text,
  author_id uuid,
  author_name text,
  body text,
  reply_to_seq bigint,
  mentions jsonb,
  reactions jsonb,
  attachments jsonb,
  preview jsonb,
  pinned_at timestamptz,
  thread jsonb,
  edited_at timestamptz,
  client_nonce text,
  revision bigint,
  created_at timestamptz,
  reply jsonb,
  my_reactions text[]
);

comment on type public.described_message is $$A message with all that is shown of it.
@not_null channel_id, seq, kind, body, reactions, attachments, revision, created_at, my_reactions$$;
comment on column public.described_message.seq is 'Number in the channel: 1, 2, 3 … without gaps, in commit order.';
comment on column public.described_message.kind is $$What it says: a `text` of its author's, or what its author did: joined, renamed the channel or thread (`body` is the new name),
pinned the message `reply_to_seq`, opened a thread (`body` is its name).
@type {'text' | 'member_joined' | 'channel_renamed' | 'message_pinned' | 'thread_created'}$$;
comment on column public.described_message.author_id is 'Who sent it; null when the account is gone.';
comment on column public.described_message.author_name is 'The name its author was shown by when it was sent; null when the account is gone.';
comment on column public.described_message.body is '1 to 4,000 characters; empty where `kind` or the files say it all.';
comment on column public.described_message.reply_to_seq is 'The message of the same channel it answers.';
comment on column public.described_message.mentions is $$Whom it mentions, as far as its author might; null: nobody.
@type {{ user_ids: string[]; role_ids: string[]; channel_ids: string[]; everyone: boolean }}$$;
comment on column public.described_message.reactions is $$How many reacted with what, in the order of the first of each; at most 20.
@type {{ emoji: string; count: number }[]}$$;
comment on column public.described_message.attachments is $$Its files that have not expired, at most 10, in the order of sending. `path` is where each lies in the bucket
`attachments`, `size` in bytes; whoever shows one that expires stops then.
@type {{ id: string; path: string; name: string; content_type: string; size: number; expires_at: string | null }[]}$$;
comment on column public.described_message.preview is $$What the page behind its first link says of itself, where that was fetched; null: nothing. `url` is the link as it stands
in `body`; whoever shows `image_url` loads it from a stranger's server.
@type {{ url: string; title: string | null; description: string | null; site_name: string | null; image_url: string | null }}$$;
comment on column public.described_message.pinned_at is 'Since when it is pinned; null: it is not.';
comment on column public.described_message.thread is $$The thread that hangs on it; null: none. `last_seq`, how many messages were sent there, and `last_message_at` are told every few
seconds.
@type {{ id: string; name: string; is_locked: boolean; archive_after_minutes: number; archived_at: string | null; last_seq: number; last_message_at: string | null }}$$;
comment on column public.described_message.edited_at is 'When its body was last edited; null: never.';
comment on column public.described_message.client_nonce is 'The sender''s own mark.';
comment on column public.described_message.revision is 'The channel''s revision at this message''s last change.';
comment on column public.described_message.reply is $$The beginning of what it answers; null where it answers nothing. `excerpt` is its first 100 characters; of an
answered message that is gone there is only the number.
@type {{ seq: number; author_id: string | null; author_name: string | null; excerpt: string | null; created_at: string | null }}$$;
comment on column public.described_message.my_reactions is 'The reactions that are the reader''s own.';

-- What a message answers, as anybody sees it who reads the channel; of what is gone only the number.
create function private.reply(p_seq bigint, p_answered public.messages)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return pg_catalog.jsonb_build_object(
    'seq', p_seq, 'author_id', p_answered.author_id, 'author_name', p_answered.author_name,
    'excerpt', pg_catalog.left(p_answered.body, 100), 'created_at', p_answered.created_at
  );
end
$$;

revoke all on function private.reply(bigint, public.messages) from public, anon, authenticated, service_role;

-- These messages, in their order, for who asks: one question for all that they answer and one for the reader's own reactions, however
-- many messages they are.
create function private.described_messages(p_messages public.messages[])
returns setof public.described_message
language plpgsql stable security definer set search_path = ''
as $$
begin
  return query
  select
    m.channel_id, m.seq, m.kind, m.author_id, m.author_name, m.body, m.reply_to_seq, m.mentions, m.reactions,
    -- Asked here, too: most files do not expire, and most messages have none.
    case
      when m.attachments @? '$[*].expires_at ? (@ != null)' then private.shown_attachments(m.seq, m.attachments)
      else m.attachments
    end,
    m.preview, m.pinned_at, m.thread, m.edited_at, m.client_nonce, m.revision, m.created_at,
    case when m.reply_to_seq is not null then private.reply(m.reply_to_seq, answered.*) end,
    coalesce(mine.emoji, '{}')
  from pg_catalog.unnest(p_messages) with ordinality as m
  -- By row and not joined as a set, for which the planner would read all reactions there are. In the message's own order.
  left join lateral (
    select pg_catalog.array_agg(r.emoji order by c.place) as emoji
    from private.reactions r
    join pg_catalog.jsonb_array_elements(m.reactions) with ordinality as c (item, place)
      on c.item ->> 'emoji' = r.emoji
    where r.channel_id = m.channel_id and r.user_id = (select auth.uid()) and r.seq = m.seq
  ) mine on m.reactions <> '[]'
  left join lateral (
    select a.*
    from public.messages a
    where a.channel_id = m.channel_id and a.seq = m.reply_to_seq
      -- As in is_hidden, here without a call for each.
      and not exists (
        select
        from private.hidden_messages h
        join private.channel_heads c on c.community_id = h.community_id
        where h.author_id = a.author_id and a.created_at between h.since and h.until and c.channel_id = a.channel_id
      )
  ) answered on true
  order by m.ordinality;
end
$$;

revoke all on function private.described_messages(public.messages[]) from public, anon, authenticated, service_role;

-- One message, for who asks and holds this in its channel: who may not read the history learns nothing of what it answers. Nearly
-- every one that was just written has nothing around it.
create function private.described(p_message public.messages, p_held bigint)
returns public.described_message
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_described public.described_message;
begin
  if p_message.reply_to_seq is null and p_message.reactions = '[]' then
    if p_message.attachments <> '[]' then
      p_message := private.shown_message(p_message);
    end if;
    select (p_message).*, null::jsonb, array[]::text[] into v_described;
  else
    select d.* into v_described from private.described_messages(array[p_message]) d;
    if v_described.reply is not null and p_held & private.permission_mask('read_history') = 0 then
      v_described.reply := private.reply(p_message.reply_to_seq, null);
    end if;
  end if;
  return v_described;
end
$$;

revoke all on function private.described(public.messages, bigint) from public, anon, authenticated, service_role;

-- schemas/messages/social_messages.sql

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

-- schemas/messages/messages_up_to.sql

-- messages_up_to, messages_after: one range of the primary key, read from one end. What a ban has hidden is passed over, so
-- a page is full all the same: each message is asked about by one look into the index, however many bans there are. That
-- its author may be gone keeps the planner from joining instead, for which it would read the whole channel.
create function private.messages_up_to(p_channel_id uuid, p_seq bigint, p_limit integer)
returns setof public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
begin
  return query
  select m.* from public.messages m
  where m.channel_id = p_channel_id and m.seq <= p_seq
    and (m.author_id is null or not exists (
      select from private.hidden_messages h
      where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
    ))
  order by m.seq desc
  limit p_limit;
end
$$;

revoke all on function private.messages_up_to(uuid, bigint, integer) from public, anon, authenticated, service_role;

-- schemas/messages/messages_after.sql

-- messages_after: see messages_up_to.
create function private.messages_after(p_channel_id uuid, p_seq bigint, p_limit integer)
returns setof public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
begin
  return query
  select m.* from public.messages m
  where m.channel_id = p_channel_id and m.seq > p_seq
    and (m.author_id is null or not exists (
      select from private.hidden_messages h
      where h.community_id = v_community_id and h.author_id = m.author_id and m.created_at between h.since and h.until
    ))
  order by m.seq
  limit p_limit;
end
$$;

revoke all on function private.messages_after(uuid, bigint, integer) from public, anon, authenticated, service_role;

-- schemas/messages/require_message.sql

-- require_message: the message with this number, as far as readers of the channel see it.
create function private.require_message(p_channel_id uuid, p_seq bigint, p_field text default 'p_seq')
returns public.messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_message public.messages;
begin
  select m.* into v_message
  from public.messages m
  where m.channel_id = p_channel_id and m.seq = p_seq
    and not private.is_hidden(m.channel_id, m.author_id, m.created_at);
  if not found then
    perform private.fail('not_found', 'There is no such message.', 404, pg_catalog.jsonb_build_object('field', p_field));
  end if;
  return v_message;
end
$$;

revoke all on function private.require_message(uuid, bigint, text) from public, anon, authenticated, service_role;

-- schemas/messages/require_body.sql

-- require_body: a message's text as it is kept: without white space around it, in normal form C. 1 to 4,000 characters, of
-- which at least one shows something; or none at all, where something else says it all. The length is asked first: putting thousands of combining marks into order takes
-- time that grows with the square of their number.
create function private.require_body(p_body text, p_may_be_empty boolean default false, p_field text default 'p_body')
returns text
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_body text := p_body;
begin
  -- Nearly every text begins and ends with a printable ASCII character, and is then not looked at any closer.
  if pg_catalog.left(v_body, 1) !~ '[!-~]' or pg_catalog.right(v_body, 1) !~ '[!-~]' then
    v_body := pg_catalog.regexp_replace(
      v_body,
      '^[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$',
      '', 'g'
    );
  end if;
  if pg_catalog.char_length(v_body) <= 4000 and pg_catalog.octet_length(v_body) <> pg_catalog.char_length(v_body) then
    v_body := normalize(v_body, nfc);
  end if;

  if pg_catalog.char_length(v_body) > 4000 then
    perform private.fail(
      'body_too_long', 'A message has at most 4,000 characters.', 422,
      pg_catalog.jsonb_build_object('field', p_field, 'max', 4000)
    );
  end if;
  if v_body is null or v_body !~ '[!-~]' and private.is_blank(v_body) then
    if v_body is not null and p_may_be_empty then
      return '';
    end if;
    perform private.fail(
      'invalid_argument', 'A message needs a text.', 422, pg_catalog.jsonb_build_object('field', p_field)
    );
  end if;
  return v_body;
end
$$;

revoke all on function private.require_body(text, boolean, text) from public, anon, authenticated, service_role;

-- schemas/messages/require_emoji.sql

-- require_emoji: one emoji: the ranges that Unicode's emoji data (UTS #51) names, joined and varied as sequences are; digits and # and *
-- only as keycaps. Anything else would be a message in the place of a reaction.
create function private.require_emoji(p_emoji text)
returns text
language plpgsql immutable security definer set search_path = ''
as $$
begin
  if p_emoji is null
    or pg_catalog.char_length(p_emoji) > 20
    or p_emoji !~ '^([0-9#*]\ufe0f?\u20e3|[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff\u200d\ufe0f\U000e0020-\U000e007f])+$'
    or p_emoji ~ '^[\u200d\ufe0f\U000e0020-\U000e007f]'
  then
    perform private.fail(
      'invalid_argument', 'A reaction is one emoji.', 422, pg_catalog.jsonb_build_object('field', 'p_emoji')
    );
  end if;
  return p_emoji;
end
$$;

revoke all on function private.require_emoji(text) from public, anon, authenticated, service_role;

-- schemas/messages/mentions_in.sql

-- mentions_in: whom a text mentions, by id: <@user>, <@&role>, <#channel>, and @everyone. Only what its author may: members, with
-- mention_everyone also roles and everyone, and channels that the author views. What may not be mentioned is text like
-- any other, as in Discord: no refusal tells who or what exists. Null: nobody.
create function private.mentions_in(p_body text, p_channel_id uuid, p_held bigint)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_community_id uuid;
  v_may_all boolean;
  v_everyone boolean;
  v_user_ids uuid[];
  v_role_ids uuid[];
  v_channel_ids uuid[];
begin
  if p_body !~ '<[@#]|@everyone' then
    return null;
  end if;
  select h.community_id into v_community_id from private.channel_heads h where h.channel_id = p_channel_id;
  v_may_all := p_held & private.permission_mask('mention_everyone') <> 0;
  v_everyone := v_may_all and p_body ~ '@everyone\M';

  with named as materialized (
    select distinct f.m [1] as sign, f.m [2]::uuid as id
    from pg_catalog.regexp_matches(
      p_body, '<(@|@&|#)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>', 'g'
    ) as f (m)
  )
  select
    array(
      select n.id from named n
      where n.sign = '@' and (
        exists (select from public.community_members m where m.community_id = v_community_id and m.user_id = n.id)
        or exists (select from private.direct_members d where d.channel_id = p_channel_id and d.user_id = n.id)
      )
      order by n.id
    ),
    array(
      select n.id from named n
      join public.roles r on r.community_id = v_community_id and r.id = n.id
      where n.sign = '@&' and v_may_all and not r.is_default
      order by n.id
    ),
    array(
      select n.id from named n
      join private.channel_heads c on c.community_id = v_community_id and c.channel_id = n.id
      where n.sign = '#' and private.channel_permissions(n.id) & private.permission_mask('view_channel') <> 0
      order by n.id
    )
  into v_user_ids, v_role_ids, v_channel_ids;

  if pg_catalog.cardinality(v_user_ids) + pg_catalog.cardinality(v_role_ids) + pg_catalog.cardinality(v_channel_ids) > 50 then
    perform private.fail(
      'invalid_argument', 'A message mentions at most 50.', 422,
      pg_catalog.jsonb_build_object('field', 'p_body', 'max_mentions', 50)
    );
  end if;
  if v_everyone or pg_catalog.cardinality(v_user_ids || v_role_ids || v_channel_ids) > 0 then
    return pg_catalog.jsonb_build_object(
      'user_ids', v_user_ids, 'role_ids', v_role_ids, 'channel_ids', v_channel_ids, 'everyone', v_everyone
    );
  end if;
  return null;
end
$$;

revoke all on function private.mentions_in(text, uuid, bigint) from public, anon, authenticated, service_role;

-- schemas/messages/write_mentions.sql

-- write_mentions: keeps who is mentioned by a message, in place of whom it mentioned before.
create function private.write_mentions(p_message public.messages)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.message_mentions w where w.channel_id = p_message.channel_id and w.seq = p_message.seq;
  update private.channel_heads h
  set last_mention_seq = greatest(h.last_mention_seq, p_message.seq)
  where h.channel_id = p_message.channel_id and p_message.mentions is not null;
  insert into private.message_mentions (channel_id, subject_id, seq)
  select p_message.channel_id, s.id, p_message.seq
  from (
    select i.id::uuid as id
    from pg_catalog.jsonb_array_elements_text((p_message.mentions -> 'user_ids') || (p_message.mentions -> 'role_ids')) as i (id)
    union
    select r.id
    from private.channel_heads c
    join public.roles r on r.community_id = c.community_id and r.is_default
    where c.channel_id = p_message.channel_id and (p_message.mentions ->> 'everyone')::boolean
  ) s;
end
$$;

revoke all on function private.write_mentions(public.messages) from public, anon, authenticated, service_role;

-- schemas/messages/require_attachments.sql

-- require_attachments: the files that the caller wants to send to a channel, as clients are shown them. Each is the caller's own, lies
-- in this channel's place of the bucket and was not sent yet; what it is, Storage has said. Their rows stay locked, so none is sent
-- twice or removed meanwhile. One that somebody else has, or that lies in another channel's place, is one that is not there.
create function private.require_attachments(p_channel_id uuid, p_attachments jsonb)
returns jsonb
-- In UTC: it writes a time out as text, and a caller may have chosen any zone.
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_wrong constant jsonb := '{"field": "p_attachments"}'::jsonb;
  v_item jsonb;
  v_id text;
  v_name text;
  v_expires_at timestamptz;
  v_wanted jsonb := '[]'::jsonb;
  v_paths text[] := '{}'::text[];
  v_shown jsonb;
begin
  if pg_catalog.jsonb_typeof(p_attachments) <> 'array' or pg_catalog.jsonb_array_length(p_attachments) > 10 then
    perform private.fail('invalid_argument', 'A message has a list of at most 10 files.', 422, v_wrong);
  end if;

  for v_item in select i.item from pg_catalog.jsonb_array_elements(p_attachments) as i (item) loop
    if pg_catalog.jsonb_typeof(v_item) <> 'object'
      or v_item - '{id,name,expires_at}'::text[] <> '{}'
      or pg_catalog.jsonb_typeof(v_item -> 'id') is distinct from 'string'
      or pg_catalog.jsonb_typeof(v_item -> 'name') is distinct from 'string'
      or pg_catalog.jsonb_typeof(v_item -> 'expires_at') not in ('string', 'null')
    then
      perform private.fail('invalid_argument', 'A file is given by id, name and, if it is to, when it expires.', 422, v_wrong);
    end if;

    -- Whatever is no id names no file that is there.
    v_id := pg_catalog.lower(v_item ->> 'id');
    -- The length first: putting marks into order takes its time.
    v_name := v_item ->> 'name';
    if pg_catalog.char_length(v_name) <= 255 then
      v_name := normalize(v_name, nfc);
    end if;
    if pg_catalog.char_length(v_name) not between 1 and 255
      or v_name ~ '[/\\]|^\.{1,2}$'
      or private.is_blank(v_name)
      -- An emoji's parts may be joined by zero width.
      or private.strip_hidden(v_name) <> pg_catalog.replace(v_name, pg_catalog.chr(8205), '')
    then
      perform private.fail(
        'invalid_argument', 'A file''s name has 1 to 255 characters, none of them hidden or a slash.', 422, v_wrong
      );
    end if;

    v_expires_at := null;
    if v_item ->> 'expires_at' is not null then
      -- An instant written out: not a word like tomorrow, nor a time of an unknown zone.
      if v_item ->> 'expires_at' ~ '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)$' then
        begin
          v_expires_at := (v_item ->> 'expires_at')::timestamptz;
        exception when data_exception then
          v_expires_at := null;
        end;
      end if;
      if v_expires_at is null
        or v_expires_at <= pg_catalog.clock_timestamp()
        or v_expires_at > pg_catalog.clock_timestamp() + interval '1 year'
      then
        perform private.fail('invalid_argument', 'A file expires at a time within a year from now.', 422, v_wrong);
      end if;
    end if;

    v_paths := v_paths || pg_catalog.concat_ws('/', p_channel_id, v_user_id, v_id);
    v_wanted := v_wanted || pg_catalog.jsonb_build_object('id', v_id, 'name', v_name, 'expires_at', v_expires_at);
  end loop;

  -- In the order of paths, so that two sends do not wait for each other.
  perform from private.attachments a where a.path = any (v_paths) order by a.path for update;
  select pg_catalog.jsonb_agg(
    pg_catalog.jsonb_build_object(
      'id', w.item -> 'id', 'path', a.path, 'name', w.item -> 'name', 'content_type', pg_catalog.substring(o.metadata ->> 'mimetype', '^[A-Za-z0-9.+_-]{1,127}/[A-Za-z0-9.+_-]{1,127}'),
      'size', o.metadata -> 'size', 'expires_at', w.item -> 'expires_at'
    )
    order by w.place
  ) into v_shown
  from pg_catalog.jsonb_array_elements(v_wanted) with ordinality as w (item, place)
  join private.attachments a on a.path = v_paths [w.place]
  join storage.objects o on o.bucket_id = 'attachments' and o.name = a.path
  where a.seq is null
    -- What a sweep has been given may be gone at any moment.
    and a.claimed_at is null
    and coalesce(o.owner_id, o.owner::text) = v_user_id::text
    -- Storage takes a body of unknown length whole, and counts it afterwards.
    and o.metadata @? 'strict $.size ? (@ >= 0 && @ <= 26214400)'
    and o.metadata ->> 'mimetype' ~ '^[A-Za-z0-9.+_-]{1,127}/[A-Za-z0-9.+_-]{1,127}';
  if pg_catalog.jsonb_array_length(v_shown) is distinct from pg_catalog.jsonb_array_length(p_attachments)
    or (select pg_catalog.count(distinct p.path) from pg_catalog.unnest(v_paths) as p (path)) < pg_catalog.cardinality(v_paths)
  then
    perform private.fail('invalid_argument', 'There is no such file to be sent here.', 422, v_wrong);
  end if;

  for v_item in select i.item from pg_catalog.jsonb_array_elements(v_shown) as i (item) loop
    perform private.take_token('attachment_send', v_user_id::text);
  end loop;
  return v_shown;
end
$$;

revoke all on function private.require_attachments(uuid, jsonb) from public, anon, authenticated, service_role;

-- schemas/messages/write_attachments.sql

-- write_attachments: whose these files are from now on. The caller holds their rows (see require_attachments).
create function private.write_attachments(p_message public.messages, p_attachments jsonb)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.attachments a
  set
    seq = p_message.seq, shown = i.item,
    remove_at = coalesce((i.item ->> 'expires_at')::timestamptz, 'infinity')
  from pg_catalog.jsonb_array_elements(p_attachments) as i (item)
  where a.path = i.item ->> 'path';
end
$$;

revoke all on function private.write_attachments(public.messages, jsonb) from public, anon, authenticated, service_role;

-- schemas/messages/first_link.sql

-- first_link: the first http or https link in a text, as it is written there; null: none. The punctuation of the sentence
-- around it is no part of it; a closing bracket is where one is opened. One that is longer than 2,048 characters or has
-- characters that nobody sees is none.
create function private.first_link(p_body text)
returns text
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_link text;
begin
  if pg_catalog.strpos(p_body, '://') = 0 then
    return null;
  end if;
  v_link := pg_catalog.substring(p_body, '(?i)(?<![a-z0-9+.-])https?://[^[:space:]<>"`\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+');
  if v_link is null or pg_catalog.char_length(v_link) > 2048 or v_link <> private.strip_hidden(v_link) then
    return null;
  end if;
  v_link := pg_catalog.rtrim(
    v_link, '.,;:!?''*~|…’”»。、，！？' || case when v_link ~ '[(\[{]' then '' else ')]}' end
  );
  return case when v_link ~* '^https?://[^/?#]' then v_link end;
end
$$;

revoke all on function private.first_link(text) from public, anon, authenticated, service_role;

-- schemas/messages/queue_link_preview.sql

-- queue_link_preview: has the first link of a message that was just written looked at, where its author may have that, and
-- forgets the one it had before. A link that waits already keeps its place, and one that has its preview needs none.
create function private.queue_link_preview(p_message public.messages, p_held bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_link text := private.first_link(p_message.body);
begin
  if v_link is null or p_message.preview is not null or p_held & private.permission_mask('embed_links') = 0 then
    delete from private.link_preview_requests r where r.channel_id = p_message.channel_id and r.seq = p_message.seq;
  else
    -- Whoever writes chooses whose server is visited. Beyond the limit there is no preview, and the message is sent all the same.
    begin
      perform private.take_token('link_preview', p_message.author_id::text);
    exception when sqlstate 'PT429' then
      delete from private.link_preview_requests r where r.channel_id = p_message.channel_id and r.seq = p_message.seq;
      return;
    end;
    insert into private.link_preview_requests as r (channel_id, seq, url)
    values (p_message.channel_id, p_message.seq, v_link)
    on conflict (channel_id, seq) do update
      set url = excluded.url, tries = excluded.tries, claimable_at = excluded.claimable_at
      where r.url <> excluded.url;
  end if;
end
$$;

revoke all on function private.queue_link_preview(public.messages, bigint) from public, anon, authenticated, service_role;

-- schemas/messages/next_revision.sql

-- next_revision: counts one change of a channel. The caller holds its head.
create function private.next_revision(p_channel_id uuid)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_revision bigint;
begin
  update private.channel_heads h set revision = h.revision + 1
  where h.channel_id = p_channel_id
  returning h.revision into v_revision;
  return v_revision;
end
$$;

revoke all on function private.next_revision(uuid) from public, anon, authenticated, service_role;

-- schemas/messages/tell_change.sql

-- tell_change: writes one change of a message into the feed and broadcasts it with the message as it is now.
-- In UTC, because the broadcast writes times out as text, and a caller may have chosen any zone.
create function private.tell_change(p_kind text, p_message public.messages, p_more jsonb default '{}')
returns void
language plpgsql volatile security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_message jsonb;
begin
  if p_message.attachments <> '[]' then
    p_message := private.shown_message(p_message);
  end if;
  insert into private.channel_events (channel_id, revision, kind, seq)
  values (p_message.channel_id, p_message.revision, p_kind, p_message.seq);

  v_message := pg_catalog.to_jsonb(p_message) || '{"reply": null}';
  if p_message.reply_to_seq is not null then
    v_message := v_message || pg_catalog.jsonb_build_object(
      'reply', private.reply(p_message.reply_to_seq, (
        select a from public.messages a
        where a.channel_id = p_message.channel_id and a.seq = p_message.reply_to_seq
          and not private.is_hidden(a.channel_id, a.author_id, a.created_at)
      ))
    );
  end if;
  perform private.broadcast(
    private.channel_topic(p_message.channel_id), 'message_' || p_kind,
    pg_catalog.jsonb_build_object('revision', p_message.revision, 'kind', p_kind, 'seq', p_message.seq, 'message', v_message) || p_more
  );
end
$$;

revoke all on function private.tell_change(text, public.messages, jsonb) from public, anon, authenticated, service_role;

-- schemas/messages/write_message.sql

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

-- schemas/messages/archived_at.sql

-- archived_at: since when a thread is archived, by somebody or by its silence; null: it is open. The sweep stores the latter some
-- time after.
create function private.archived_at(p_thread private.threads)
returns timestamptz
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_silence_at timestamptz;
begin
  if p_thread.archived_at is not null then
    return p_thread.archived_at;
  end if;
  select greatest(h.last_message_at, p_thread.opened_at) + pg_catalog.make_interval(mins => p_thread.archive_after_minutes)
  into v_silence_at
  from private.channel_heads h
  where h.channel_id = p_thread.id;
  return case when v_silence_at <= pg_catalog.now() then v_silence_at end;
end
$$;

revoke all on function private.archived_at(private.threads) from public, anon, authenticated, service_role;

-- schemas/messages/thread.sql

-- thread: a thread as its reader sees it.
create type public.thread as (
  channel_id uuid,
  id uuid,
  kind text,
  name text,
  owner_id uuid,
  root_seq bigint,
  is_locked boolean,
  archive_after_minutes integer,
  archived_at timestamptz,
  created_at timestamptz,
  last_seq bigint,
  last_message_at timestamptz,
  is_member boolean
);

comment on type public.thread is $$A thread of a channel. Its id is used as a channel's: to send, to read, to follow it live.
@not_null channel_id, id, kind, name, is_locked, archive_after_minutes, created_at, last_seq, is_member$$;
comment on column public.thread.channel_id is 'The channel it belongs to.';
comment on column public.thread.kind is $$Who sees it: whoever reads the channel, or its members and those who manage threads.
@type {'public' | 'private'}$$;
comment on column public.thread.name is '1 to 100 characters.';
comment on column public.thread.owner_id is 'Who opened it; null when the account is gone.';
comment on column public.thread.root_seq is 'The message of the channel that it hangs on, which may be gone; null for private ones.';
comment on column public.thread.is_locked is 'Whether only those who manage threads write in it.';
comment on column public.thread.archive_after_minutes is 'After how many minutes of silence it is archived: 60, 1440, 4320 or 10080.';
comment on column public.thread.archived_at is 'Since when it is archived; null: it is open.';
comment on column public.thread.last_seq is 'The number of its newest message; 0: none yet.';
comment on column public.thread.last_message_at is 'When that was sent; null: none yet.';
comment on column public.thread.is_member is 'Whether the caller follows it.';

-- A thread, for who asks. The caller has checked that they may.
create function private.described_thread(p_thread private.threads)
returns public.thread
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_thread public.thread;
begin
  select
    p_thread.channel_id, p_thread.id, p_thread.kind, p_thread.name, p_thread.owner_id, p_thread.root_seq,
    p_thread.is_locked, p_thread.archive_after_minutes, private.archived_at(p_thread), p_thread.created_at, h.last_seq,
    h.last_message_at,
    exists (
      select from private.thread_members m where m.thread_id = p_thread.id and m.user_id = (select auth.uid())
    )
  into v_thread
  from private.channel_heads h
  where h.channel_id = p_thread.id;
  return v_thread;
end
$$;

revoke all on function private.described_thread(private.threads) from public, anon, authenticated, service_role;

-- schemas/messages/thread_summary.sql

-- thread_summary: what the message that a thread hangs on shows of it. In UTC, because times in it are kept as text.
create function private.thread_summary(p_thread private.threads)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
begin
  return (
    select pg_catalog.jsonb_build_object(
      'id', p_thread.id, 'name', p_thread.name, 'is_locked', p_thread.is_locked,
      'archive_after_minutes', p_thread.archive_after_minutes, 'archived_at', private.archived_at(p_thread),
      'last_seq', h.last_seq, 'last_message_at', h.last_message_at
    )
    from private.channel_heads h
    where h.channel_id = p_thread.id
  );
end
$$;

revoke all on function private.thread_summary(private.threads) from public, anon, authenticated, service_role;

-- schemas/messages/change_root.sql

-- change_root: the message that a thread hangs on shows the thread as it is now, or none any more where it is about to go. A
-- change of the channel like any other. A channel's head is taken after its thread's, by everybody, and before anybody reads
-- what there is to show: of two who tell, the second tells what the first has left. The message may be gone, and a private
-- thread hangs on none.
create function private.change_root(p_thread private.threads, p_is_gone boolean default false)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_summary jsonb;
  v_message public.messages;
begin
  if p_thread.root_seq is null then
    return;
  end if;
  perform from private.channel_heads h where h.channel_id = p_thread.channel_id for no key update;
  if not p_is_gone then
    select private.thread_summary(t) into v_summary from private.threads t where t.id = p_thread.id;
    if not found then
      return;
    end if;
  end if;
  update public.messages m
  set thread = v_summary, revision = private.next_revision(p_thread.channel_id)
  where m.channel_id = p_thread.channel_id and m.seq = p_thread.root_seq and m.thread is distinct from v_summary
  returning m.* into v_message;
  if found then
    perform private.tell_change('threaded', v_message);
  end if;
end
$$;

revoke all on function private.change_root(private.threads, boolean) from public, anon, authenticated, service_role;

-- schemas/messages/tell_thread.sql

-- tell_thread: those who have a thread open, and those who read its channel, hear what became of it.
create function private.tell_thread(p_thread private.threads)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    private.channel_topic(p_thread.id), 'thread_updated', pg_catalog.jsonb_build_object('thread_id', p_thread.id)
  );
  perform private.change_root(p_thread);
end
$$;

revoke all on function private.tell_thread(private.threads) from public, anon, authenticated, service_role;

-- schemas/messages/follow_thread.sql

-- follow_thread: makes a member follow a thread, and their devices hear of it. What was written before counts as read. Says whether
-- they did not before.
create function private.follow_thread(p_thread private.threads, p_user_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.thread_members (community_id, thread_id, user_id)
  values (p_thread.community_id, p_thread.id, p_user_id)
  on conflict (thread_id, user_id) do nothing;
  if not found then
    return false;
  end if;
  perform private.advance_read(p_thread.community_id, p_thread.id, p_user_id, h.last_seq)
  from private.channel_heads h
  where h.channel_id = p_thread.id and h.last_seq > 0;
  perform private.broadcast(
    'user:' || p_user_id, 'thread_membership',
    pg_catalog.jsonb_build_object('channel_id', p_thread.channel_id, 'thread_id', p_thread.id, 'is_member', true)
  );
  return true;
end
$$;

revoke all on function private.follow_thread(private.threads, uuid) from public, anon, authenticated, service_role;

-- schemas/messages/require_room_for_thread.sql

-- require_room_for_thread: a channel has at most 1,000 open threads, and at most 50 that one member has opened, so that nobody fills
-- it alone. The archive has no bound. Two that open one side by side may both take the last place: it bounds what a listing costs,
-- and is no promise.
create function private.require_room_for_thread(p_channel_id uuid, p_owner_id uuid default null)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_open bigint;
  v_own bigint;
begin
  select pg_catalog.count(*), pg_catalog.count(*) filter (where o.owner_id = p_owner_id) into v_open, v_own
  from (
    select t.owner_id from private.threads t where t.channel_id = p_channel_id and t.archived_at is null limit 1000
  ) o;
  if v_open = 1000 then
    perform private.fail(
      'limit_reached', 'A channel has at most 1,000 open threads: archive one first.', 409,
      pg_catalog.jsonb_build_object('max', 1000)
    );
  end if;
  if v_own >= 50 then
    perform private.fail(
      'limit_reached', 'You have 50 open threads in this channel: archive one first.', 409,
      pg_catalog.jsonb_build_object('max', 50)
    );
  end if;
end
$$;

revoke all on function private.require_room_for_thread(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/messages/open_thread.sql

-- open_thread: takes a thread out of the archive, as far as the channel has room for one more that is open.
create function private.open_thread(p_thread private.threads)
returns private.threads
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  perform private.require_room_for_thread(p_thread.channel_id);
  update private.threads t
  set
    archived_at = null, opened_at = pg_catalog.now(),
    silence_at = pg_catalog.now() + pg_catalog.make_interval(mins => t.archive_after_minutes)
  where t.id = p_thread.id
  returning t.* into v_thread;
  return v_thread;
end
$$;

revoke all on function private.open_thread(private.threads) from public, anon, authenticated, service_role;

-- schemas/messages/take_up_thread.sql

-- take_up_thread: what writing in a thread brings along, as in Discord: the writer follows it, and it is open again. Silence is
-- counted from the message, so an archive that only silence has closed is open by itself.
create function private.take_up_thread(p_thread_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  select t.* into v_thread from private.threads t where t.id = p_thread_id;
  if v_thread.archived_at is not null then
    perform private.open_thread(v_thread);
    -- Its message shows it with how far it has come (tell_threads): a sender never waits for the thread's channel.
    perform private.broadcast(
      private.channel_topic(p_thread_id), 'thread_updated', pg_catalog.jsonb_build_object('thread_id', p_thread_id)
    );
  end if;
  if not exists (select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = p_user_id) then
    perform private.follow_thread(v_thread, p_user_id);
  end if;
end
$$;

revoke all on function private.take_up_thread(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/messages/begin_message_change.sql

-- begin_message_change: the way into every change of a channel's messages: the community's lock before the gate (see
-- hold_access), the gate, and the channel's head, which makes changes queue. Returns the caller's mask in the channel.
-- An unknown channel is the gate's to refuse.
create function private.begin_message_change(p_channel_id uuid, p_permission text)
returns bigint
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_held bigint;
begin
  perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_channel_id;
  v_held := private.require_in_channel(p_channel_id, p_permission);
  perform from private.channel_heads h where h.channel_id = p_channel_id for no key update;
  return v_held;
end
$$;

revoke all on function private.begin_message_change(uuid, text) from public, anon, authenticated, service_role;

-- schemas/messages/keep_slow_mode.sql

-- keep_slow_mode: in a channel with slow mode one message per member and stretch of time, and in each of its threads. Whoever may bypass it or manages
-- messages or the channel is exempt, as in Discord. The caller holds the channel's head, so nobody counts as two.
create function private.keep_slow_mode(p_channel_id uuid, p_seconds integer, p_user_id uuid, p_held bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_stretch interval := pg_catalog.make_interval(secs => p_seconds);
  v_sent_at timestamptz;
begin
  if p_seconds = 0
    or p_held & private.permission_mask('bypass_slow_mode', 'manage_messages', 'manage_channels') <> 0
  then
    return;
  end if;

  select s.sent_at into v_sent_at
  from private.slow_mode_sends s
  where s.channel_id = p_channel_id and s.user_id = p_user_id;
  if v_sent_at + v_stretch > v_now then
    perform private.fail(
      'slow_mode', 'This channel has slow mode: wait a moment.', 429,
      pg_catalog.jsonb_build_object(
        'retry_after', pg_catalog.round(extract(epoch from v_sent_at + v_stretch - v_now)::numeric, 3)
      )
    );
  end if;
  insert into private.slow_mode_sends (channel_id, user_id, sent_at)
  values (p_channel_id, p_user_id, v_now)
  on conflict (channel_id, user_id) do update set sent_at = excluded.sent_at;
end
$$;

revoke all on function private.keep_slow_mode(uuid, integer, uuid, bigint) from public, anon, authenticated, service_role;

-- schemas/messages/advance_read.sql

-- advance_read: a member has read a channel up to here. Never goes back. Says whether it went on.
-- Of a direct channel its member knows it (see direct_members).
create function private.advance_read(p_community_id uuid, p_channel_id uuid, p_user_id uuid, p_seq bigint)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if p_community_id = p_channel_id then
    update private.direct_members d
    set last_read_seq = p_seq
    where d.channel_id = p_channel_id and d.user_id = p_user_id and d.last_read_seq < p_seq;
    return found;
  end if;
  insert into private.channel_reads as r (community_id, user_id, channel_id, last_read_seq)
  values (p_community_id, p_user_id, p_channel_id, p_seq)
  on conflict (community_id, user_id, channel_id) do update
    set last_read_seq = excluded.last_read_seq
    where r.last_read_seq < excluded.last_read_seq;
  return found;
end
$$;

revoke all on function private.advance_read(uuid, uuid, uuid, bigint) from public, anon, authenticated, service_role;

-- schemas/messages/mention_subjects.sql

-- mention_subjects: the ids by which a member is mentioned: their own, those of the roles held, and the default role's.
create function private.mention_subjects(p_community_id uuid, p_user_id uuid)
returns uuid[]
language plpgsql stable security definer set search_path = ''
as $$
begin
  return private.granted_role_ids(p_community_id, p_user_id) || p_user_id || (
    select r.id from public.roles r where r.community_id = p_community_id and r.is_default
  );
end
$$;

revoke all on function private.mention_subjects(uuid, uuid) from public, anon, authenticated, service_role;

-- schemas/messages/tell_direct_message.sql

-- tell_direct_message: everybody in a direct channel hears on their own topic that something was said, whatever they have open: at most
-- 10 events. Not who is not shown the channel.
create function private.tell_direct_message(p_message public.messages)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'user:' || m.user_id, 'direct_message',
    pg_catalog.jsonb_build_object('channel_id', p_message.channel_id, 'seq', p_message.seq, 'author_id', p_message.author_id)
  )
  from private.direct_members m
  where m.channel_id = p_message.channel_id and not private.hides_direct_channel(m);
end
$$;

revoke all on function private.tell_direct_message(public.messages) from public, anon, authenticated, service_role;

-- schemas/messages/send_message.sql

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

-- schemas/messages/edit_message.sql

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

-- schemas/messages/remove_messages.sql

-- remove_messages: what deleting one message and deleting many have in common, after the gate. What is left of each is a
-- tombstone, and together they are one change of the channel. Who deletes what others wrote stands in the log; not so what an
-- account takes along as it ends.
create function private.remove_messages(p_channel_id uuid, p_seqs bigint[], p_reason text, p_is_logged boolean default true)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
  v_revision bigint;
  v_seqs bigint[];
  v_others jsonb;
begin
  with gone as (
    delete from public.messages m
    where m.channel_id = p_channel_id and m.seq = any (p_seqs)
    returning m.*
  ), kept as (
    insert into private.tombstones (channel_id, seq, author_id, client_nonce)
    select g.channel_id, g.seq, g.author_id, g.client_nonce from gone g
  )
  select
    pg_catalog.array_agg(g.seq order by g.seq),
    pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('seq', g.seq, 'author_id', g.author_id) order by g.seq)
    filter (where g.author_id is distinct from (select auth.uid()))
  into v_seqs, v_others
  from gone g;
  if v_seqs is null then
    return;
  end if;

  v_revision := private.next_revision(p_channel_id);
  insert into private.channel_events (channel_id, revision, kind, seq, seqs)
  values (p_channel_id, v_revision, 'deleted', v_seqs[1], v_seqs);
  perform private.broadcast(
    private.channel_topic(p_channel_id), 'message_deleted',
    pg_catalog.jsonb_build_object('revision', v_revision, 'kind', 'deleted', 'seq', v_seqs[1], 'seqs', v_seqs, 'message', null)
  );
  if v_others is not null and p_is_logged then
    perform private.write_audit(
      v_community_id, 'messages_deleted', p_channel_id::text, pg_catalog.jsonb_build_object('messages', v_others),
      p_reason => p_reason
    );
  end if;
end
$$;

revoke all on function private.remove_messages(uuid, bigint[], text, boolean) from public, anon, authenticated, service_role;

-- schemas/messages/delete_message.sql

-- delete_message: Gate: view_channel for one's own, which is a right that a timeout leaves; manage_messages for others'.
-- Limits: message_delete per user. One's own that is gone already is no error, so that a retry is none.
create function private.delete_message(p_channel_id uuid, p_seq bigint, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_message public.messages;
begin
  perform private.begin_message_change(p_channel_id, 'view_channel');
  if exists (
    select from private.tombstones t
    where t.channel_id = p_channel_id and t.seq = p_seq and t.author_id = (select auth.uid())
  ) then
    return;
  end if;
  v_message := private.require_message(p_channel_id, p_seq);
  if v_message.author_id is distinct from (select auth.uid()) then
    perform private.require_in_channel(p_channel_id, 'manage_messages');
  end if;
  perform private.take_token('message_delete', (select auth.uid())::text);
  perform private.remove_messages(p_channel_id, array[p_seq], p_reason);
end
$$;

revoke all on function private.delete_message(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_message(uuid, bigint, text) to authenticated;

create function public.delete_message(p_channel_id uuid, p_seq bigint, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_message(p_channel_id, p_seq, p_reason); $$;

comment on function public.delete_message(uuid, bigint, text) is
$$Deletes one's own message, or with `manage_messages` anybody's. Its number is never given again; what it said is gone from
everywhere, also what it said before it was edited.
@param p_reason up to 512 characters, for the audit log, where the message is somebody else's
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_message(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_message(uuid, bigint, text) to authenticated;

-- schemas/messages/delete_messages.sql

-- delete_messages: Gate: manage_messages. Limits: message_delete per user, one for all of them.
create function private.delete_messages(p_channel_id uuid, p_seqs bigint[], p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'manage_messages');
  if p_seqs is null
    or pg_catalog.array_ndims(p_seqs) > 1
    or pg_catalog.cardinality(p_seqs) not between 1 and 100
    or pg_catalog.array_position(p_seqs, null) is not null
  then
    perform private.fail(
      'invalid_argument', 'Name 1 to 100 messages.', 422, pg_catalog.jsonb_build_object('field', 'p_seqs', 'max', 100)
    );
  end if;
  perform private.take_token('message_delete', (select auth.uid())::text);
  perform private.remove_messages(p_channel_id, p_seqs, p_reason);
end
$$;

revoke all on function private.delete_messages(uuid, bigint[], text) from public, anon, authenticated, service_role;
grant execute on function private.delete_messages(uuid, bigint[], text) to authenticated;

create function public.delete_messages(p_channel_id uuid, p_seqs bigint[], p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_messages(p_channel_id, p_seqs, p_reason); $$;

comment on function public.delete_messages(uuid, bigint[], text) is
$$Deletes several messages at once: one change of the channel. Those that are gone already are passed over. Needs
`manage_messages`.
@param p_seqs 1 to 100 numbers
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited
@idempotent
@sdk deleteMany$$;

revoke all on function public.delete_messages(uuid, bigint[], text) from public, anon, authenticated, service_role;
grant execute on function public.delete_messages(uuid, bigint[], text) to authenticated;

-- schemas/messages/list_message_edits.sql

-- message_edit: what a message once said.
create type public.message_edit as (
  revision bigint,
  body text,
  edited_at timestamptz
);

comment on type public.message_edit is $$What a message said before it was edited.
@not_null revision, body, edited_at$$;
comment on column public.message_edit.revision is 'The message''s revision while it said this.';
comment on column public.message_edit.edited_at is 'When it said this no longer.';

-- list_message_edits: Gate: manage_messages.
create function private.list_message_edits(p_channel_id uuid, p_seq bigint)
returns setof public.message_edit
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'manage_messages');
  perform private.require_message(p_channel_id, p_seq);

  return query
  select e.revision, e.body, e.edited_at
  from private.message_edits e
  where e.channel_id = p_channel_id and e.seq = p_seq
  order by e.revision desc
  limit 100;
end
$$;

revoke all on function private.list_message_edits(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.list_message_edits(uuid, bigint) to authenticated;

create function public.list_message_edits(p_channel_id uuid, p_seq bigint)
returns setof public.message_edit
language sql stable security invoker set search_path = ''
as $$ select * from private.list_message_edits(p_channel_id, p_seq); $$;

comment on function public.list_message_edits(uuid, bigint) is
$$Returns what a message said before, the last first: at most the last 100. Needs `manage_messages`.
@errors session_required, not_found, missing_permission, timed_out$$;

revoke all on function public.list_message_edits(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.list_message_edits(uuid, bigint) to authenticated;

-- schemas/messages/list_messages.sql

-- list_messages: a page by number, the newest without a bound, each page ascending. Gate: read_history.
create function private.list_messages(
  p_channel_id uuid,
  p_limit integer,
  p_before_seq bigint,
  p_after_seq bigint,
  p_around_seq bigint
)
returns setof public.described_message
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_above integer := 0;
  v_middle bigint;
begin
  perform private.require_in_channel(p_channel_id, 'read_history');
  perform private.require_limit(p_limit, 100);

  if pg_catalog.num_nonnulls(p_before_seq, p_after_seq, p_around_seq) > 1 then
    perform private.fail(
      'invalid_argument', 'Ask for before, after or around, not for two of them.', 422,
      pg_catalog.jsonb_build_object('field', case when p_around_seq is null then 'p_after_seq' else 'p_around_seq' end)
    );
  end if;
  if p_after_seq is not null then
    v_above := p_limit;
  elsif p_around_seq is not null then
    v_above := p_limit / 2;
  end if;
  -- The message in the middle of a page around it counts as one before it. Numbers begin at 1, so nothing is below 0.
  v_middle := case
    when p_before_seq is not null then greatest(p_before_seq, 1) - 1
    else coalesce(p_after_seq, p_around_seq, 9223372036854775807)
  end;

  return query
  select d.*
  from private.described_messages(array(
    select b from private.messages_up_to(p_channel_id, v_middle, p_limit - v_above) b where v_above < p_limit
    union all
    select a from private.messages_after(p_channel_id, v_middle, v_above) a where v_above > 0
  )) d
  order by d.seq;
end
$$;

revoke all on function private.list_messages(uuid, integer, bigint, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function private.list_messages(uuid, integer, bigint, bigint, bigint) to authenticated;

create function public.list_messages(
  p_channel_id uuid,
  p_limit integer default 50,
  p_before_seq bigint default null,
  p_after_seq bigint default null,
  p_around_seq bigint default null
)
returns setof public.described_message
language sql stable security invoker set search_path = ''
as $$ select * from private.list_messages(p_channel_id, p_limit, p_before_seq, p_after_seq, p_around_seq); $$;

comment on function public.list_messages(uuid, integer, bigint, bigint, bigint) is
$$Returns a page of a channel's messages, always ascending by `seq`, with all that is shown of them. Needs `read_history`.
Without a bound: the newest. At most one bound may be given.
@param p_limit 1 to 100
@param p_before_seq the newest messages below this number
@param p_after_seq the oldest messages above this number
@param p_around_seq the message of this number with as many before as after it
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_messages(uuid, integer, bigint, bigint, bigint) from public, anon, authenticated, service_role;
grant execute on function public.list_messages(uuid, integer, bigint, bigint, bigint) to authenticated;

-- schemas/messages/get_message.sql

-- get_message: Gate: read_history.
create function private.get_message(p_channel_id uuid, p_seq bigint)
returns public.described_message
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_held bigint := private.require_in_channel(p_channel_id, 'read_history');
begin
  return private.described(private.require_message(p_channel_id, p_seq), v_held);
end
$$;

revoke all on function private.get_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.get_message(uuid, bigint) to authenticated;

create function public.get_message(p_channel_id uuid, p_seq bigint)
returns public.described_message
language sql stable security invoker set search_path = ''
as $$ select private.get_message(p_channel_id, p_seq); $$;

comment on function public.get_message(uuid, bigint) is
$$Returns one message of a channel. Needs `read_history`.
@errors session_required, not_found, missing_permission$$;

revoke all on function public.get_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.get_message(uuid, bigint) to authenticated;

-- schemas/messages/change_reaction.sql

-- change_reaction: adding and removing one's own reaction, after the gate: the row of who reacted, the count in the message's row, and
-- one change of the channel. Says nothing where nothing changes, so a retry is safe.
create function private.change_reaction(p_channel_id uuid, p_seq bigint, p_emoji text, p_is_added boolean)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_message public.messages := private.require_message(p_channel_id, p_seq);
  v_reactions jsonb;
begin
  if p_is_added = exists (
    select from private.reactions r
    where r.channel_id = p_channel_id and r.seq = p_seq and r.emoji = p_emoji and r.user_id = v_user_id
  ) then
    return;
  end if;
  perform private.take_token('reaction', v_user_id::text);

  if p_is_added then
    insert into private.reactions (channel_id, seq, emoji, user_id) values (p_channel_id, p_seq, p_emoji, v_user_id);
  else
    delete from private.reactions r
    where r.channel_id = p_channel_id and r.seq = p_seq and r.emoji = p_emoji and r.user_id = v_user_id;
  end if;
  select coalesce(
    pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('emoji', c.emoji, 'count', c.count) order by c.place), '[]'
  ) into v_reactions
  from (
    select k.emoji, pg_catalog.sum(k.count) as count, pg_catalog.min(k.place) as place
    from (
      select e.item ->> 'emoji' as emoji, (e.item ->> 'count')::bigint as count, e.place
      from pg_catalog.jsonb_array_elements(v_message.reactions) with ordinality as e (item, place)
      union all
      select p_emoji, case when p_is_added then 1 else -1 end, 21
    ) k
    group by k.emoji
  ) c
  where c.count > 0;
  if pg_catalog.jsonb_array_length(v_reactions) > 20 then
    perform private.fail('limit_reached', 'A message has at most 20 different reactions.', 409);
  end if;

  update public.messages m
  set reactions = v_reactions, revision = private.next_revision(p_channel_id)
  where m.channel_id = p_channel_id and m.seq = p_seq
  returning m.* into v_message;
  perform private.tell_change(
    'reacted', v_message,
    pg_catalog.jsonb_build_object(
      'reaction', pg_catalog.jsonb_build_object('emoji', p_emoji, 'user_id', v_user_id, 'is_added', p_is_added)
    )
  );
end
$$;

revoke all on function private.change_reaction(uuid, bigint, text, boolean) from public, anon, authenticated, service_role;

-- schemas/messages/add_reaction.sql

-- add_reaction: Gate: add_reactions. Limits: reaction per user.
create function private.add_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'add_reactions');
  perform private.change_reaction(p_channel_id, p_seq, private.require_emoji(p_emoji), true);
end
$$;

revoke all on function private.add_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.add_reaction(uuid, bigint, text) to authenticated;

create function public.add_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.add_reaction(p_channel_id, p_seq, p_emoji); $$;

comment on function public.add_reaction(uuid, bigint, text) is
$$Reacts to a message. Twice with the same is once. A message has at most 20 different reactions. Needs `add_reactions`.
@param p_emoji one emoji
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.add_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.add_reaction(uuid, bigint, text) to authenticated;

-- schemas/messages/remove_reaction.sql

-- remove_reaction: Gate: view_channel. Limits: reaction per user.
create function private.remove_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'view_channel');
  perform private.change_reaction(p_channel_id, p_seq, private.require_emoji(p_emoji), false);
end
$$;

revoke all on function private.remove_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.remove_reaction(uuid, bigint, text) to authenticated;

create function public.remove_reaction(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_reaction(p_channel_id, p_seq, p_emoji); $$;

comment on function public.remove_reaction(uuid, bigint, text) is
$$Takes one's own reaction back. What is not there is no error.
@param p_emoji one emoji
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.remove_reaction(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.remove_reaction(uuid, bigint, text) to authenticated;

-- schemas/messages/clear_reactions.sql

-- clear_reactions: Gate: manage_messages. Limits: reaction per user.
create function private.clear_reactions(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_message public.messages;
begin
  perform private.begin_message_change(p_channel_id, 'manage_messages');
  v_message := private.require_message(p_channel_id, p_seq);
  perform private.take_token('reaction', (select auth.uid())::text);
  delete from private.reactions r
  where r.channel_id = p_channel_id and r.seq = p_seq and (p_emoji is null or r.emoji = p_emoji);
  if not found then
    return;
  end if;

  update public.messages m
  set
    revision = private.next_revision(p_channel_id),
    reactions = (
      select coalesce(pg_catalog.jsonb_agg(e.item order by e.place), '[]')
      from pg_catalog.jsonb_array_elements(m.reactions) with ordinality as e (item, place)
      where p_emoji is not null and e.item ->> 'emoji' <> p_emoji
    )
  where m.channel_id = p_channel_id and m.seq = p_seq
  returning m.* into v_message;
  perform private.tell_change('reacted', v_message);
end
$$;

revoke all on function private.clear_reactions(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.clear_reactions(uuid, bigint, text) to authenticated;

create function public.clear_reactions(p_channel_id uuid, p_seq bigint, p_emoji text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.clear_reactions(p_channel_id, p_seq, p_emoji); $$;

comment on function public.clear_reactions(uuid, bigint, text) is
$$Takes everybody's reactions from a message. Needs `manage_messages`.
@param p_emoji only those with this one; left out: all of them
@errors session_required, not_found, missing_permission, timed_out, rate_limited
@idempotent$$;

revoke all on function public.clear_reactions(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.clear_reactions(uuid, bigint, text) to authenticated;

-- schemas/messages/list_reactions.sql

-- reaction: who reacted.
create type public.reaction as (
  user_id uuid,
  username text,
  display_name text,
  reacted_at timestamptz
);

comment on type public.reaction is $$Who reacted to a message.
@not_null user_id, reacted_at$$;
comment on column public.reaction.username is 'Null for who is no member any more.';
comment on column public.reaction.display_name is 'The name in this community; null for who is no member any more.';

-- list_reactions: Gate: read_history.
create function private.list_reactions(
  p_channel_id uuid,
  p_seq bigint,
  p_emoji text,
  p_after_user_id uuid,
  p_limit integer
)
returns setof public.reaction
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'read_history');
  perform private.require_limit(p_limit, 100);
  perform private.require_message(p_channel_id, p_seq);

  return query
  -- What former members are called by now is not for those they have left.
  select
    r.user_id, case when m.user_id is not null then p.username end,
    case when m.user_id is not null then coalesce(m.nickname, p.display_name) end, r.reacted_at
  from (
    select k.*
    from private.reactions k
    where k.channel_id = p_channel_id and k.seq = p_seq and k.emoji = p_emoji
      and (p_after_user_id is null or k.user_id > p_after_user_id)
    order by k.user_id
    limit p_limit
  ) r
  join private.channel_heads c on c.channel_id = p_channel_id
  left join public.profiles p on p.id = r.user_id
  left join public.community_members m on m.community_id = c.community_id and m.user_id = r.user_id
  order by r.user_id;
end
$$;

revoke all on function private.list_reactions(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_reactions(uuid, bigint, text, uuid, integer) to authenticated;

create function public.list_reactions(
  p_channel_id uuid,
  p_seq bigint,
  p_emoji text,
  p_after_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.reaction
language sql stable security invoker set search_path = ''
as $$ select * from private.list_reactions(p_channel_id, p_seq, p_emoji, p_after_user_id, p_limit); $$;

comment on function public.list_reactions(uuid, bigint, text, uuid, integer) is
$$Returns a page of those who reacted to a message with one emoji, by `user_id`. Needs `read_history`.
@param p_after_user_id go on after the last of the page before
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_reactions(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_reactions(uuid, bigint, text, uuid, integer) to authenticated;

-- schemas/messages/change_pin.sql

-- change_pin: pinning and unpinning, after the gate. A pin is told in the channel, as Discord does; taking it away is not.
create function private.change_pin(p_channel_id uuid, p_seq bigint, p_is_pinned boolean)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_message public.messages := private.require_message(p_channel_id, p_seq);
begin
  if (v_message.pinned_at is not null) = p_is_pinned then
    return;
  end if;
  if v_message.kind <> 'text' then
    perform private.fail(
      'invalid_argument', 'Only what somebody wrote is pinned.', 422, pg_catalog.jsonb_build_object('field', 'p_seq')
    );
  end if;
  if p_is_pinned and (
    select pg_catalog.count(*) from public.messages m where m.channel_id = p_channel_id and m.pinned_at is not null
  ) >= 50 then
    perform private.fail('limit_reached', 'A channel has at most 50 pinned messages.', 409);
  end if;
  perform private.take_token('message_pin', v_user_id::text);

  update public.messages m
  set
    pinned_at = case when p_is_pinned then pg_catalog.clock_timestamp() end,
    revision = private.next_revision(p_channel_id)
  where m.channel_id = p_channel_id and m.seq = p_seq
  returning m.* into v_message;
  perform private.tell_change(case when p_is_pinned then 'pinned' else 'unpinned' end, v_message);
  if p_is_pinned then
    perform private.write_message(p_channel_id, 'message_pinned', v_user_id, '', p_seq);
  end if;
  perform private.write_audit(
    c.community_id, case when p_is_pinned then 'message_pinned' else 'message_unpinned' end, p_channel_id::text,
    p_after => pg_catalog.jsonb_build_object('seq', p_seq, 'author_id', v_message.author_id)
  )
  from private.channel_heads c
  -- Where there is no community there is no log.
  where c.channel_id = p_channel_id and c.community_id <> p_channel_id;
end
$$;

revoke all on function private.change_pin(uuid, bigint, boolean) from public, anon, authenticated, service_role;

-- schemas/messages/pin_message.sql

-- pin_message: Gate: pin_messages. Limits: message_pin per user.
create function private.pin_message(p_channel_id uuid, p_seq bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'pin_messages');
  perform private.change_pin(p_channel_id, p_seq, true);
end
$$;

revoke all on function private.pin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.pin_message(uuid, bigint) to authenticated;

create function public.pin_message(p_channel_id uuid, p_seq bigint)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.pin_message(p_channel_id, p_seq); $$;

comment on function public.pin_message(uuid, bigint) is
$$Pins a message, at most 50 in a channel, and says so in the channel. Pinned already: nothing happens. Needs
`pin_messages`.
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.pin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.pin_message(uuid, bigint) to authenticated;

-- schemas/messages/unpin_message.sql

-- unpin_message: Gate: pin_messages. Limits: message_pin per user.
create function private.unpin_message(p_channel_id uuid, p_seq bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.begin_message_change(p_channel_id, 'pin_messages');
  perform private.change_pin(p_channel_id, p_seq, false);
end
$$;

revoke all on function private.unpin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.unpin_message(uuid, bigint) to authenticated;

create function public.unpin_message(p_channel_id uuid, p_seq bigint)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.unpin_message(p_channel_id, p_seq); $$;

comment on function public.unpin_message(uuid, bigint) is
$$Takes a pin away. Not pinned: nothing happens. Needs
`pin_messages`.
@errors session_required, not_found, missing_permission, timed_out, rate_limited
@idempotent$$;

revoke all on function public.unpin_message(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.unpin_message(uuid, bigint) to authenticated;

-- schemas/messages/list_pins.sql

-- list_pins: at most 50. Gate: read_history.
create function private.list_pins(p_channel_id uuid)
returns setof public.described_message
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'read_history');

  return query
  select d.*
  from private.described_messages(array(
    select m from public.messages m
    where m.channel_id = p_channel_id and m.pinned_at is not null
      and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
    order by m.pinned_at desc, m.seq
  )) d;
end
$$;

revoke all on function private.list_pins(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_pins(uuid) to authenticated;

create function public.list_pins(p_channel_id uuid)
returns setof public.described_message
language sql stable security invoker set search_path = ''
as $$ select * from private.list_pins(p_channel_id); $$;

comment on function public.list_pins(uuid) is
$$Returns a channel's pinned messages, the last pinned first. Needs `read_history`.
@errors session_required, not_found, missing_permission$$;

revoke all on function public.list_pins(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_pins(uuid) to authenticated;

-- schemas/messages/require_archive_after.sql

-- require_archive_after: the stretches of silence there are, as in Discord: an hour, a day, three days, a week.
create function private.require_archive_after(p_minutes integer)
returns void
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_minutes is null or p_minutes not in (60, 1440, 4320, 10080) then
    perform private.fail(
      'invalid_argument', 'Threads are archived after 60, 1440, 4320 or 10080 minutes of silence.', 422,
      pg_catalog.jsonb_build_object('field', 'p_archive_after_minutes')
    );
  end if;
end
$$;

revoke all on function private.require_archive_after(integer) from public, anon, authenticated, service_role;

-- schemas/messages/begin_thread_change.sql

-- begin_thread_change: the way into every change of a thread itself, and of who follows it: begin_message_change, and the thread.
-- Whether more is needed than this permission depends on the thread, and its callers ask.
-- p_is_alone: where somebody's right to hear ends, nobody sends meanwhile (see hold_access).
create function private.begin_thread_change(p_thread_id uuid, p_permission text, p_is_alone boolean default false)
returns private.threads
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  if p_is_alone then
    -- Before the wait, too: nobody else's call is held up by who has no right here.
    v_thread := private.require_in_thread(p_thread_id, p_permission);
    perform private.change_access(v_thread.community_id);
  else
    perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_thread_id;
  end if;
  perform private.require_in_thread(p_thread_id, p_permission);
  perform from private.channel_heads h where h.channel_id = p_thread_id for no key update;
  select t.* into v_thread from private.threads t where t.id = p_thread_id for no key update;
  perform private.take_token('thread_change', (select auth.uid())::text);
  return v_thread;
end
$$;

revoke all on function private.begin_thread_change(uuid, text, boolean) from public, anon, authenticated, service_role;

-- schemas/messages/create_thread.sql

-- create_thread: Gate: create_threads in the channel, for one on a message read_history, and for a public
-- one on none send_messages. Limits: thread_create per user, and then the channel's slow mode.
-- A public thread that is on no message of somebody's gets one of the server's to hang on, so that whoever reads the channel
-- finds it in its place.
create function private.create_thread(
  p_channel_id uuid,
  p_name text,
  p_seq bigint,
  p_is_private boolean,
  p_archive_after_minutes integer
)
returns public.thread
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_held bigint;
  v_name text;
  v_channel public.channels;
  v_id uuid := private.uuid_v7();
  v_root public.messages;
  v_thread private.threads;
begin
  perform private.begin_message_change(p_channel_id, 'create_threads');
  v_name := private.require_name(p_name);
  perform private.require_archive_after(p_archive_after_minutes);
  if p_is_private is null or p_is_private and p_seq is not null then
    perform private.fail(
      'invalid_argument', 'A private thread is on no message: who reads the channel would learn of it.', 422,
      pg_catalog.jsonb_build_object('field', 'p_is_private')
    );
  end if;
  select c.* into v_channel from public.channels c where c.id = p_channel_id;
  if v_channel.kind <> 'text' then
    perform private.fail(
      'invalid_argument', 'Only text channels have threads.', 422, pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  if p_seq is null and not p_is_private then
    -- Its name stands in the channel as a message does.
    v_held := private.require_in_channel(p_channel_id, 'send_messages');
    perform private.keep_slow_mode(p_channel_id, v_channel.slow_mode_seconds, v_user_id, v_held);
  elsif p_seq is not null then
    perform private.require_in_channel(p_channel_id, 'read_history');
    v_root := private.require_message(p_channel_id, p_seq);
    if v_root.thread is not null then
      perform private.fail(
        'conflict', 'This message has a thread already.', 409,
        pg_catalog.jsonb_build_object('thread_id', v_root.thread -> 'id')
      );
    end if;
  end if;
  perform private.require_room_for_thread(p_channel_id, v_user_id);
  perform private.take_token('thread_create', v_user_id::text);

  insert into private.threads (community_id, channel_id, id, kind, name, owner_id, root_seq, archive_after_minutes, silence_at)
  values (
    v_channel.community_id, p_channel_id, v_id, case when p_is_private then 'private' else 'public' end, v_name, v_user_id,
    p_seq, p_archive_after_minutes, pg_catalog.now() + pg_catalog.make_interval(mins => p_archive_after_minutes)
  )
  returning * into v_thread;
  perform private.follow_thread(v_thread, v_user_id);

  if p_seq is not null then
    perform private.change_root(v_thread);
  elsif not p_is_private then
    v_root := private.write_message(
      p_channel_id, 'thread_created', v_user_id, v_name, p_thread => private.thread_summary(v_thread)
    );
    update private.threads t set root_seq = v_root.seq where t.id = v_id returning t.* into v_thread;
  end if;
  return private.described_thread(v_thread);
end
$$;

revoke all on function private.create_thread(uuid, text, bigint, boolean, integer) from public, anon, authenticated, service_role;
grant execute on function private.create_thread(uuid, text, bigint, boolean, integer) to authenticated;

create function public.create_thread(
  p_channel_id uuid,
  p_name text,
  p_seq bigint default null,
  p_is_private boolean default false,
  p_archive_after_minutes integer default 4320
)
returns public.thread
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.create_thread(p_channel_id, p_name, p_seq, p_is_private, p_archive_after_minutes); $$;

comment on function public.create_thread(uuid, text, bigint, boolean, integer) is
$$Opens a thread in a text channel and returns it; the caller follows it. Needs `create_threads`; a public one on no
message of somebody's also `send_messages`, and it counts in slow mode.
Its `id` is used as a channel's. It has the rights of its channel, with `send_in_threads` in place of `send_messages`. A public thread
hangs on a message, which shows it in `thread`: the one that is named, or one that the server writes. A private one is
seen by its members (see `add_thread_member`) and by those with `manage_threads`.
@param p_name 1 to 100 characters
@param p_seq the message of this channel that it hangs on; needs `read_history`; a message has one thread at most
@param p_is_private not together with `p_seq`
@param p_archive_after_minutes of silence: 60, 1440, 4320 or 10080; a message opens it again
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, conflict, limit_reached, slow_mode, rate_limited$$;

revoke all on function public.create_thread(uuid, text, bigint, boolean, integer) from public, anon, authenticated, service_role;
grant execute on function public.create_thread(uuid, text, bigint, boolean, integer) to authenticated;

-- schemas/messages/update_thread.sql

-- update_thread: Gate: view_channel; whoever opened it changes it while they may write in it, all else needs manage_threads.
-- Limits: thread_change per user. What managers do is in the log.
create function private.update_thread(
  p_thread_id uuid,
  p_name text,
  p_is_locked boolean,
  p_is_archived boolean,
  p_archive_after_minutes integer,
  p_reason text
)
returns public.thread
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_old private.threads;
  v_thread private.threads;
  v_name text;
begin
  v_old := private.begin_thread_change(p_thread_id, 'view_channel');
  if v_old.owner_id is distinct from v_user_id or p_is_locked is not null then
    perform private.require_in_thread(p_thread_id, 'manage_threads');
  else
    perform private.require_in_thread(p_thread_id, 'send_messages');
  end if;
  if p_name is not null then
    v_name := private.require_name(p_name);
  end if;
  if p_archive_after_minutes is not null then
    perform private.require_archive_after(p_archive_after_minutes);
  end if;

  v_thread := v_old;
  if p_is_archived is false and private.archived_at(v_old) is not null then
    v_thread := private.open_thread(v_old);
  end if;
  update private.threads t
  set
    name = coalesce(v_name, t.name),
    is_locked = coalesce(p_is_locked, t.is_locked),
    archive_after_minutes = coalesce(p_archive_after_minutes, t.archive_after_minutes),
    archived_at = case when p_is_archived then coalesce(t.archived_at, pg_catalog.now()) else t.archived_at end,
    -- Not later than it may be due by the new stretch.
    silence_at = least(t.silence_at, pg_catalog.now() + pg_catalog.make_interval(mins => p_archive_after_minutes))
  where t.id = p_thread_id
  returning t.* into v_thread;
  if (v_thread.name, v_thread.is_locked, v_thread.archive_after_minutes, v_thread.opened_at)
    = (v_old.name, v_old.is_locked, v_old.archive_after_minutes, v_old.opened_at)
    and v_thread.archived_at is not distinct from v_old.archived_at
  then
    return private.described_thread(v_thread);
  end if;

  if v_thread.name <> v_old.name then
    perform private.write_message(p_thread_id, 'channel_renamed', v_user_id, v_thread.name);
  end if;
  perform private.tell_thread(v_thread);
  if v_old.owner_id is distinct from v_user_id or p_is_locked is not null then
    perform private.write_audit(
      v_thread.community_id, 'thread_updated', p_thread_id::text,
      -- What a private thread is called is its members'.
      pg_catalog.jsonb_build_object(
        'name', case when v_old.kind = 'public' then v_old.name end, 'is_locked', v_old.is_locked, 'archived_at', v_old.archived_at,
        'archive_after_minutes', v_old.archive_after_minutes
      ),
      pg_catalog.jsonb_build_object(
        'name', case when v_thread.kind = 'public' then v_thread.name end, 'is_locked', v_thread.is_locked, 'archived_at', v_thread.archived_at,
        'archive_after_minutes', v_thread.archive_after_minutes, 'channel_id', v_thread.channel_id
      ),
      p_reason
    );
  end if;
  return private.described_thread(v_thread);
end
$$;

revoke all on function private.update_thread(uuid, text, boolean, boolean, integer, text) from public, anon, authenticated, service_role;
grant execute on function private.update_thread(uuid, text, boolean, boolean, integer, text) to authenticated;

create function public.update_thread(
  p_thread_id uuid,
  p_name text default null,
  p_is_locked boolean default null,
  p_is_archived boolean default null,
  p_archive_after_minutes integer default null,
  p_reason text default null
)
returns public.thread
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.update_thread(p_thread_id, p_name, p_is_locked, p_is_archived, p_archive_after_minutes, p_reason); $$;

comment on function public.update_thread(uuid, text, boolean, boolean, integer, text) is
$$Changes a thread and returns it; what is left out stays. Whoever opened it may, as long as they may write in it; others need
`manage_threads`, and so does locking.
@param p_name 1 to 100 characters; a new name is told in the thread
@param p_is_locked true: only those with `manage_threads` write and react in it
@param p_is_archived true: puts it into the archive; false: takes it out
@param p_archive_after_minutes 60, 1440, 4320 or 10080
@param p_reason up to 512 characters, for the audit log, where it is not one's own
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.update_thread(uuid, text, boolean, boolean, integer, text) from public, anon, authenticated, service_role;
grant execute on function public.update_thread(uuid, text, boolean, boolean, integer, text) to authenticated;

-- schemas/messages/delete_thread.sql

-- delete_thread: Gate: manage_threads. Limits: thread_change per user. The message that it hung on stays, unless it was the
-- server's and says nothing but that there is a thread.
create function private.delete_thread(p_thread_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  v_thread := private.begin_thread_change(p_thread_id, 'manage_threads', p_is_alone => true);
  perform private.broadcast(
    private.channel_topic(p_thread_id), 'thread_deleted', pg_catalog.jsonb_build_object('thread_id', p_thread_id)
  );
  if exists (
    select from public.messages m
    where m.channel_id = v_thread.channel_id and m.seq = v_thread.root_seq and m.kind = 'thread_created'
  ) then
    perform private.remove_messages(v_thread.channel_id, array[v_thread.root_seq], null);
  else
    perform private.change_root(v_thread, p_is_gone => true);
  end if;
  delete from private.threads t where t.id = p_thread_id;
  perform private.write_audit(
    v_thread.community_id, 'thread_deleted', p_thread_id::text,
    -- What a private thread is called is its members'.
    pg_catalog.jsonb_build_object(
      'name', case when v_thread.kind = 'public' then v_thread.name end, 'channel_id', v_thread.channel_id, 'kind', v_thread.kind, 'owner_id', v_thread.owner_id
    ),
    p_reason => p_reason
  );
end
$$;

revoke all on function private.delete_thread(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.delete_thread(uuid, text) to authenticated;

create function public.delete_thread(p_thread_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.delete_thread(p_thread_id, p_reason); $$;

comment on function public.delete_thread(uuid, text) is
$$Deletes a thread with everything in it. Needs `manage_threads`. Nobody reads its messages from then on; they are removed from the
disk in the minutes after.
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.delete_thread(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.delete_thread(uuid, text) to authenticated;

-- schemas/messages/join_thread.sql

-- join_thread: Gate: view_channel. Limits: thread_change per user.
create function private.join_thread(p_thread_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.follow_thread(private.begin_thread_change(p_thread_id, 'view_channel'), (select auth.uid()));
end
$$;

revoke all on function private.join_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.join_thread(uuid) to authenticated;

create function public.join_thread(p_thread_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.join_thread(p_thread_id); $$;

comment on function public.join_thread(uuid) is
$$Follows a thread: it is in `list_unread` from then on. What was written before counts as read. A private one is joined
by those who see it anyway; others are added.
@errors session_required, not_found, rate_limited
@idempotent$$;

revoke all on function public.join_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.join_thread(uuid) to authenticated;

-- schemas/messages/end_thread_membership.sql

-- end_thread_membership: somebody follows a thread no longer. Of a private one they hear nothing that is sent afterwards: its topic
-- gets a new name, unless they manage threads and hear it anyway, which costs a name too much at most. The caller holds
-- change_access: nobody is sending to the old name.
create function private.end_thread_membership(p_thread private.threads, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from private.thread_members m where m.thread_id = p_thread.id and m.user_id = p_user_id;
  if not found then
    return;
  end if;
  if p_thread.kind = 'private' then
    perform private.broadcast(
      private.channel_topic(p_thread.id), 'moved', pg_catalog.jsonb_build_object('thread_id', p_thread.id)
    );
    update private.threads t set topic_epoch = t.topic_epoch + 1 where t.id = p_thread.id;
  end if;
  perform private.broadcast(
    'user:' || p_user_id, 'thread_membership',
    pg_catalog.jsonb_build_object('channel_id', p_thread.channel_id, 'thread_id', p_thread.id, 'is_member', false)
  );
end
$$;

revoke all on function private.end_thread_membership(private.threads, uuid) from public, anon, authenticated, service_role;

-- schemas/messages/leave_thread.sql

-- leave_thread: Gate: view_channel. Limits: thread_change per user.
create function private.leave_thread(p_thread_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.end_thread_membership(
    private.begin_thread_change(p_thread_id, 'view_channel', p_is_alone => true), (select auth.uid())
  );
end
$$;

revoke all on function private.leave_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.leave_thread(uuid) to authenticated;

create function public.leave_thread(p_thread_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.leave_thread(p_thread_id); $$;

comment on function public.leave_thread(uuid) is
$$Stops following a thread. A private one is not seen any more.
@errors session_required, not_found, rate_limited
@idempotent$$;

revoke all on function public.leave_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.leave_thread(uuid) to authenticated;

-- schemas/messages/add_thread_member.sql

-- add_thread_member: Gate: send_messages in the thread, which its members hold. Limits: thread_change per user. Who does not read the
-- channel is not added, and is told apart from nobody.
create function private.add_thread_member(p_thread_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  v_thread := private.begin_thread_change(p_thread_id, 'send_messages');
  if v_thread.kind <> 'private' then
    perform private.fail(
      'invalid_argument', 'Everybody who reads the channel may join this thread themselves.', 422,
      pg_catalog.jsonb_build_object('field', 'p_thread_id')
    );
  end if;
  if not exists (
    select
    from public.community_members m
    join private.channel_access a on a.access_class_id = m.access_class_id and a.channel_id = v_thread.channel_id
    where m.community_id = v_thread.community_id and m.user_id = p_user_id
      and a.permissions & private.permission_mask('read_history') <> 0
  ) then
    perform private.fail(
      'not_found', 'There is no such member in this channel.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  if (select pg_catalog.count(*) from private.thread_members m where m.thread_id = p_thread_id) >= 100
    and not exists (select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = p_user_id)
  then
    perform private.fail(
      'limit_reached', 'A private thread has at most 100 members.', 409, pg_catalog.jsonb_build_object('max', 100)
    );
  end if;
  perform private.follow_thread(v_thread, p_user_id);
end
$$;

revoke all on function private.add_thread_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.add_thread_member(uuid, uuid) to authenticated;

create function public.add_thread_member(p_thread_id uuid, p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.add_thread_member(p_thread_id, p_user_id); $$;

comment on function public.add_thread_member(uuid, uuid) is
$$Lets another member see a private thread. They hear of it on their devices. Needs the right to write in the thread.
@param p_user_id a member who reads the channel; at most 100 to a thread
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, limit_reached, rate_limited
@idempotent$$;

revoke all on function public.add_thread_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.add_thread_member(uuid, uuid) to authenticated;

-- schemas/messages/remove_thread_member.sql

-- remove_thread_member: Gate: view_channel; whoever opened it while they may write in it, all others need manage_threads. Limits:
-- thread_change per user.
create function private.remove_thread_member(p_thread_id uuid, p_user_id uuid, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_thread private.threads;
begin
  v_thread := private.begin_thread_change(p_thread_id, 'view_channel', p_is_alone => true);
  perform private.require_in_thread(
    p_thread_id, case when v_thread.owner_id = v_user_id then 'send_messages' else 'manage_threads' end
  );
  if v_thread.kind <> 'private' then
    perform private.fail(
      'invalid_argument', 'Everybody who reads the channel may join this thread.', 422,
      pg_catalog.jsonb_build_object('field', 'p_thread_id')
    );
  end if;
  if not exists (select from private.thread_members m where m.thread_id = p_thread_id and m.user_id = p_user_id) then
    perform private.fail(
      'not_found', 'There is no such member in this thread.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  perform private.end_thread_membership(v_thread, p_user_id);
  if v_thread.owner_id is distinct from v_user_id then
    perform private.write_audit(
      v_thread.community_id, 'thread_member_removed', p_thread_id::text,
      pg_catalog.jsonb_build_object('user_id', p_user_id), p_reason => p_reason
    );
  end if;
end
$$;

revoke all on function private.remove_thread_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.remove_thread_member(uuid, uuid, text) to authenticated;

create function public.remove_thread_member(p_thread_id uuid, p_user_id uuid, p_reason text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_thread_member(p_thread_id, p_user_id, p_reason); $$;

comment on function public.remove_thread_member(uuid, uuid, text) is
$$Takes somebody out of a private thread; they see it no longer. Whoever opened it may, as long as they may write in it; others
need `manage_threads`.
@param p_reason up to 512 characters, for the audit log, where the thread is not one's own
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.remove_thread_member(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.remove_thread_member(uuid, uuid, text) to authenticated;

-- schemas/messages/get_thread.sql

-- get_thread: Gate: the right to see the thread, which is the one to read it.
create function private.get_thread(p_thread_id uuid)
returns public.thread
language plpgsql stable security definer set search_path = ''
as $$
begin
  return private.described_thread(private.require_in_thread(p_thread_id, 'view_channel'));
end
$$;

revoke all on function private.get_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.get_thread(uuid) to authenticated;

create function public.get_thread(p_thread_id uuid)
returns public.thread
language sql stable security invoker set search_path = ''
as $$ select private.get_thread(p_thread_id); $$;

comment on function public.get_thread(uuid) is
$$Returns a thread as it is now.
@errors session_required, not_found$$;

revoke all on function public.get_thread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.get_thread(uuid) to authenticated;

-- schemas/messages/list_threads.sql

-- list_threads: Gate: read_history. Public ones from their own range of the index; private ones by the caller's memberships,
-- or from their range for who manages threads.
create function private.list_threads(p_channel_id uuid, p_is_archived boolean, p_before_id uuid, p_limit integer)
returns setof public.thread
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_held bigint := private.require_in_channel(p_channel_id, 'read_history');
  v_channel public.channels;
  v_sees_private boolean := v_held & private.permission_mask('manage_threads') <> 0;
begin
  perform private.require_limit(p_limit, 100);
  if p_is_archived is null then
    perform private.fail(
      'invalid_argument', 'Say whether the open threads are asked for or the archive.', 422,
      pg_catalog.jsonb_build_object('field', 'p_is_archived')
    );
  end if;
  select c.* into v_channel from public.channels c where c.id = p_channel_id;

  return query
  select d.*
  from (
    (
      select t.*::private.threads as thread, t.id
      from private.threads t
      where t.community_id = v_channel.community_id and t.channel_id = v_channel.id and t.kind = 'public'
        and (p_before_id is null or t.id < p_before_id)
        and (p_is_archived or t.archived_at is null) and (private.archived_at(t) is not null) = p_is_archived
      order by t.id desc
      limit p_limit
    )
    union all
    (
      select t.*::private.threads, t.id
      from private.threads t
      where v_sees_private
        and t.community_id = v_channel.community_id and t.channel_id = v_channel.id and t.kind = 'private'
        and (p_before_id is null or t.id < p_before_id)
        and (p_is_archived or t.archived_at is null) and (private.archived_at(t) is not null) = p_is_archived
      order by t.id desc
      limit p_limit
    )
    union all
    (
      select t.*::private.threads, t.id
      from private.thread_members m
      join private.threads t on t.id = m.thread_id
      where not v_sees_private
        and m.community_id = v_channel.community_id and m.user_id = (select auth.uid())
        and t.channel_id = v_channel.id and t.kind = 'private'
        and (p_before_id is null or t.id < p_before_id)
        and (p_is_archived or t.archived_at is null) and (private.archived_at(t) is not null) = p_is_archived
      order by t.id desc
      limit p_limit
    )
  ) found
  cross join lateral private.described_thread(found.thread) d
  order by found.id desc
  limit p_limit;
end
$$;

revoke all on function private.list_threads(uuid, boolean, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_threads(uuid, boolean, uuid, integer) to authenticated;

create function public.list_threads(
  p_channel_id uuid,
  p_is_archived boolean default false,
  p_before_id uuid default null,
  p_limit integer default 50
)
returns setof public.thread
language sql stable security invoker set search_path = ''
as $$ select * from private.list_threads(p_channel_id, p_is_archived, p_before_id, p_limit); $$;

comment on function public.list_threads(uuid, boolean, uuid, integer) is
$$Returns a page of a channel's threads that the caller sees, the newest first. Needs `read_history`. A page with fewer than
`p_limit` is the last.
@param p_is_archived false: those that are open; true: the archive
@param p_before_id go on after the last of the page before
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_threads(uuid, boolean, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_threads(uuid, boolean, uuid, integer) to authenticated;

-- schemas/messages/thread_member.sql

-- thread_member: who follows a thread.
create type public.thread_member as (
  user_id uuid,
  username text,
  display_name text,
  joined_at timestamptz
);

comment on type public.thread_member is $$Who follows a thread.
@not_null user_id, username, display_name, joined_at$$;
comment on column public.thread_member.display_name is 'The name in this community.';
comment on column public.thread_member.joined_at is 'Since when they follow it.';

-- schemas/messages/list_thread_members.sql

-- list_thread_members: Gate: the right to see the thread.
create function private.list_thread_members(p_thread_id uuid, p_after_user_id uuid, p_limit integer)
returns setof public.thread_member
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_thread(p_thread_id, 'view_channel');
  perform private.require_limit(p_limit, 100);

  return query
  select m.user_id, p.username, coalesce(c.nickname, p.display_name), m.joined_at
  from private.thread_members m
  join public.community_members c on c.community_id = m.community_id and c.user_id = m.user_id
  join public.profiles p on p.id = m.user_id
  where m.thread_id = p_thread_id and (p_after_user_id is null or m.user_id > p_after_user_id)
  order by m.user_id
  limit p_limit;
end
$$;

revoke all on function private.list_thread_members(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_thread_members(uuid, uuid, integer) to authenticated;

create function public.list_thread_members(p_thread_id uuid, p_after_user_id uuid default null, p_limit integer default 50)
returns setof public.thread_member
language sql stable security invoker set search_path = ''
as $$ select * from private.list_thread_members(p_thread_id, p_after_user_id, p_limit); $$;

comment on function public.list_thread_members(uuid, uuid, integer) is
$$Returns a page of those who follow a thread, by `user_id`.
@param p_after_user_id go on after the last of the page before
@param p_limit 1 to 100
@errors session_required, not_found, invalid_argument$$;

revoke all on function public.list_thread_members(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_thread_members(uuid, uuid, integer) to authenticated;

-- schemas/messages/message_search.sql

-- message_search: a search as it was typed, taken apart. Null: not asked for.
create type private.message_search as (
  words tsquery,
  author_ids uuid[],
  usernames text[],
  channels text[],
  has text[],
  since timestamptz,
  until timestamptz
);

-- What is malformed is refused. Whether what it names exists is not asked here.
create function private.parse_message_search(p_query text)
returns private.message_search
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_query text;
  v_search private.message_search;
  v_token text;
  v_filter text;
  v_value text;
  v_words text := '';
begin
  -- The length is asked before and after: normal form C makes some texts longer, and putting marks into order takes its time.
  if pg_catalog.char_length(p_query) <= 500 then
    v_query := normalize(p_query, nfc);
  end if;
  if v_query is null or pg_catalog.char_length(v_query) > 500 then
    perform private.fail(
      'invalid_argument', 'Search for at most 500 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_query', 'max', 500)
    );
  end if;

  -- A token ends at white space that does not stand between quotes.
  for v_token in
    select t.m [1] from pg_catalog.regexp_matches(v_query, '(?:[^[:space:]"]|"[^"]*(?:"|$))+', 'g') as t (m)
  loop
    v_filter := pg_catalog.lower((pg_catalog.regexp_match(v_token, '^(-?(?:from|in|has|before|after)):', 'i')) [1]);
    if v_filter is null then
      v_words := v_words || ' ' || v_token;
      continue;
    end if;

    v_value := pg_catalog.lower(pg_catalog.btrim(pg_catalog.substr(v_token, pg_catalog.length(v_filter) + 2), '"'));
    if v_filter = 'from' then
      -- As it is typed and as it stands in a message: @username, <@id>.
      v_value := pg_catalog.btrim(v_value, '<@>');
      if v_value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
        v_search.author_ids := v_search.author_ids || v_value::uuid;
      else
        v_search.usernames := v_search.usernames || v_value;
      end if;
    elsif v_filter = 'in' then
      v_value := pg_catalog.btrim(v_value, '<#>');
      v_search.channels := v_search.channels || v_value;
    elsif v_filter = 'has' and v_value in ('attachment', 'link', 'mention', 'pin', 'reaction', 'reply') then
      v_search.has := v_search.has || v_value;
    elsif v_filter in ('before', 'after') and v_value ~ '^\d{4}-\d{2}-\d{2}$' then
      begin
        if v_filter = 'before' then
          v_search.until := least(v_search.until, v_value::date::timestamp at time zone 'UTC');
        else
          v_search.since := greatest(v_search.since, (v_value::date + 1)::timestamp at time zone 'UTC');
        end if;
      exception when datetime_field_overflow then
        -- No day of any month. (PostgreSQL 15 cannot be asked without trying.)
        v_value := '';
      end;
    else
      v_value := '';
    end if;
    if v_value = '' then
      perform private.fail(
        'invalid_argument',
        pg_catalog.format('Searches are not narrowed by "%s".', pg_catalog.left(v_token, 50)), 422,
        pg_catalog.jsonb_build_object('field', 'p_query', 'filter', v_filter)
      );
    end if;
  end loop;

  if v_words <> '' then
    v_search.words := pg_catalog.websearch_to_tsquery('pg_catalog.simple'::regconfig, pg_catalog.translate(v_words, '<>', '  '));
  end if;
  -- Of nothing but punctuation there is nothing to find.
  if pg_catalog.numnode(v_search.words) = 0 then
    v_search.words := null;
  end if;
  if pg_catalog.num_nonnulls(
    v_search.words, v_search.author_ids, v_search.usernames, v_search.channels, v_search.has, v_search.since, v_search.until
  ) = 0 then
    perform private.fail(
      'invalid_argument', 'Search for a word, or by a filter.', 422, pg_catalog.jsonb_build_object('field', 'p_query')
    );
  end if;
  return v_search;
end
$$;

revoke all on function private.parse_message_search(text) from public, anon, authenticated, service_role;

-- schemas/messages/find_messages.sql

-- find_messages: the newest messages of these channels that a search finds, in the order of a page of it. The channels are the
-- caller's to read; what bans hide is left out here.
--
-- First the newest few hundred messages are tried one by one: of a common word they fill the page, and the index would give
-- half the community to be sorted. What they do not fill the index does, from two months to a year and all the years: the more seldom
-- a word, the further it has to look, and the less it finds there.
--
-- Of very many channels, which threads may be, only those where something was written last can have the newest: the others end
-- before the first of them that is left out.
--
-- p_lexemes: what the index is asked for; null: there is nothing to ask it.
create function private.find_messages(
  p_community_id uuid,
  p_channel_ids uuid[],
  p_lexemes tsquery,
  p_search private.message_search,
  p_before_created_at timestamptz,
  p_before_channel_id uuid,
  p_before_seq bigint,
  p_limit integer
)
returns setof public.messages
-- stable: all its statements see the same messages.
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_has text[] := coalesce(p_search.has, '{}');
  v_since timestamptz := coalesce(p_search.since, '-infinity');
  -- Both are included. A timestamp has microseconds.
  v_until timestamptz := least(p_search.until - interval '1 microsecond', p_before_created_at, 'infinity');
  v_channels integer := pg_catalog.cardinality(p_channel_ids);
  v_tried constant integer := 200;
  v_newest_ids uuid[] := p_channel_ids;
  v_left_out_at timestamptz;
  v_depth integer;
  v_edge timestamptz;
  v_scoped tsquery := p_lexemes;
  v_asked tsquery;
  v_period integer;
  v_next timestamptz;
  v_ways text[];
  v_way text;
  v_rows integer;
  v_left integer := p_limit;
begin
  if 'pin' = any (v_has) then
    v_ways := '{pins}';
  elsif p_lexemes is null and not 'reaction' = any (v_has) then
    v_ways := '{all}';
  else
    -- Where the newest end that are tried. Of each channel so many are looked at that together they stay a few thousand.
    v_ways := '{newest}';
    if v_channels > 400 then
      select (pg_catalog.array_agg(h.channel_id order by h.place))[:400], pg_catalog.max(h.last_message_at) filter (where h.place = 401)
      into v_newest_ids, v_left_out_at
      from (
        select d.channel_id, d.last_message_at, pg_catalog.row_number() over (order by d.last_message_at desc) as place
        from private.channel_heads d
        where d.channel_id = any (p_channel_ids) and d.last_message_at is not null
        order by d.last_message_at desc
        limit 401
      ) h;
      -- Never later than what is asked for: the index goes on from there.
      if v_left_out_at > v_until then
        v_left_out_at := v_until;
      end if;
    end if;
    v_depth := greatest(least(v_tried, 4000 / v_channels), 10);
    with newest as materialized (
      select n.created_at, n.place
      from pg_catalog.unnest(v_newest_ids) as c (id)
      cross join lateral (
        select m.created_at, pg_catalog.row_number() over (order by m.created_at desc) as place
        from public.messages m
        where m.channel_id = c.id and m.kind = 'text' and m.created_at between v_since and v_until
        order by m.created_at desc
        limit v_depth
      ) n
    )
    select greatest(
      v_left_out_at,
      (select pg_catalog.max(n.created_at) from newest n where n.place = v_depth),
      (select n.created_at from newest n order by n.created_at desc offset v_tried limit 1)
    ) into v_edge;
    if v_edge is not null then
      v_ways := v_ways || case when p_lexemes is null then '{reactions}'::text[] else '{months,year,ever}' end;
    end if;
    -- Of few channels the index reads nothing but what is theirs. Of many it is faster to pass over what is not.
    if v_channels <= 20 then
      v_scoped := p_lexemes && (select pg_catalog.string_agg('''C' || c.id || '''', '|') from pg_catalog.unnest(p_channel_ids) as c (id))::tsquery;
    end if;
  end if;

  foreach v_way in array v_ways loop
    v_next := v_edge;
    v_asked := v_scoped;
    if v_way in ('months', 'year') then
      -- No more than a few of them, of which the index is asked one by one.
      v_period := private.search_period(v_until) - case v_way when 'months' then 1 else 11 end;
      v_asked := v_asked && (
        select pg_catalog.string_agg('''T' || p.number || '''', '|')
        from pg_catalog.generate_series(v_period, private.search_period(v_until)) as p (number)
      )::tsquery;
      v_next := pg_catalog.to_timestamp(v_period * 2592000::double precision) - interval '1 microsecond';
    end if;

    -- Only one of them runs. `offset 0` keeps the conditions below out of it, which have indexes, too, that would read more.
    return query
    select f.*
    from (
      (
        select m.* from public.messages m
        where v_way in ('months', 'year', 'ever') and m.kind = 'text'
          and private.message_lexemes(m.channel_id, m.author_id, m.body, m.reply_to_seq, m.mentions, m.attachments, m.created_at) @@ v_asked
        offset 0
      )
      union all
      (
        select m.* from (
          select n.* from public.messages n
          where v_way = 'newest' and n.channel_id = any (v_newest_ids) and n.kind = 'text'
            and n.created_at >= v_since and n.created_at <= v_until and (v_edge is null or n.created_at > v_edge)
          offset 0
        ) m
        where p_lexemes is null
          or private.message_lexemes(m.channel_id, m.author_id, m.body, m.reply_to_seq, m.mentions, m.attachments, m.created_at) @@ p_lexemes
      )
      union all
      (
        select m.* from (
          select n.* from public.messages n
          where v_way = 'pins' and n.channel_id = any (p_channel_ids) and n.pinned_at is not null and n.kind = 'text'
          offset 0
        ) m
        where p_lexemes is null
          or private.message_lexemes(m.channel_id, m.author_id, m.body, m.reply_to_seq, m.mentions, m.attachments, m.created_at) @@ p_lexemes
      )
      union all
      (
        select m.*
        from (
          select distinct r.channel_id, r.seq from private.reactions r
          where v_way = 'reactions' and r.channel_id = any (p_channel_ids)
        ) r
        -- One by one: as a set the planner would read all messages there are.
        cross join lateral (
          select n.* from public.messages n
          where n.channel_id = r.channel_id and n.seq = r.seq and n.kind = 'text'
          offset 0
        ) m
        offset 0
      )
      union all
      (
        select m.*
        from pg_catalog.unnest(p_channel_ids) as c (id)
        cross join lateral (
          select n.* from public.messages n
          where v_way = 'all' and n.channel_id = c.id and n.kind = 'text'
            and n.created_at >= v_since and n.created_at <= v_until
            and (p_before_seq is null or (n.created_at, n.channel_id, n.seq) < (p_before_created_at, p_before_channel_id, p_before_seq))
            and (n.author_id is null or not exists (
              select from private.hidden_messages h
              where h.community_id = p_community_id and h.author_id = n.author_id and n.created_at between h.since and h.until
            ))
          order by n.created_at desc, n.seq desc
          limit v_left
        ) m
        offset 0
      )
    ) f
    where f.channel_id in (select c.id from pg_catalog.unnest(p_channel_ids) as c (id))
      and f.created_at >= v_since and f.created_at <= v_until
      and (p_before_seq is null or (f.created_at, f.channel_id, f.seq) < (p_before_created_at, p_before_channel_id, p_before_seq))
      and (f.pinned_at is not null or not 'pin' = any (v_has))
      and (f.reactions <> '[]' or not 'reaction' = any (v_has))
      -- What it had may have expired.
      and (not 'attachment' = any (v_has) or private.shown_attachments(f.seq, f.attachments) <> '[]')
      and (f.author_id is null or not exists (
        select from private.hidden_messages h
        where h.community_id = p_community_id and h.author_id = f.author_id and f.created_at between h.since and h.until
      ))
    order by f.created_at desc, f.channel_id desc, f.seq desc
    limit v_left;

    get diagnostics v_rows = row_count;
    v_left := v_left - v_rows;
    exit when v_left = 0 or v_next < v_since;
    v_until := v_next;
  end loop;
end
$$;

revoke all on function private.find_messages(
  uuid, uuid[], tsquery, private.message_search, timestamptz, uuid, bigint, integer
) from public, anon, authenticated, service_role;

-- schemas/messages/search_messages.sql

-- search_messages: Gate: membership (without a community: one's own direct channels), and read_history in the channel where one is named. Limits: message_search per user. Finds only
-- in channels that the caller views and may read. The page goes on by values and not by a row, which may be gone by then.
create function private.search_messages(
  p_query text,
  p_community_id uuid,
  p_channel_id uuid,
  p_before_created_at timestamptz,
  p_before_channel_id uuid,
  p_before_seq bigint,
  p_limit integer
)
returns setof public.described_message
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_search private.message_search;
  v_channel_ids uuid[];
  v_author_ids uuid[];
  v_filter tsquery;
  v_lexemes tsquery;
begin
  if p_community_id is null then
    perform private.require_user();
  else
    perform private.require_in_community(p_community_id);
  end if;
  if p_channel_id is not null then
    perform private.require_in_channel(p_channel_id, 'read_history');
    if not exists (
      select from private.channel_heads h
      where h.community_id = coalesce(p_community_id, p_channel_id) and h.channel_id = p_channel_id
    ) then
      perform private.fail(
        'not_found', 'There is no such channel.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
      );
    end if;
  end if;
  perform private.require_limit(p_limit, 100);
  if pg_catalog.num_nonnulls(p_before_created_at, p_before_channel_id, p_before_seq) not in (0, 3) then
    perform private.fail(
      'invalid_argument', 'To go on after a message, give its time, its channel and its number.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_seq')
    );
  end if;
  v_search := private.parse_message_search(p_query);

  -- By name only members: what former members are called by now is not for those they have left.
  v_author_ids := v_search.author_ids || array(
    select m.user_id
    from public.profiles p
    join public.community_members m on m.community_id = p_community_id and m.user_id = p.id
    where p.username = any (v_search.usernames)
    union all
    select distinct p.id
    from public.profiles p
    join private.direct_members o on o.user_id = p.id
    join private.shown_direct_channels((select auth.uid())) d on d.channel_id = o.channel_id
    where p.username = any (v_search.usernames) and p_community_id is null
  );
  v_lexemes := v_search.words;
  v_filter := (select pg_catalog.string_agg('''A' || a.id || '''', '|') from pg_catalog.unnest(v_author_ids) as a (id))::tsquery;
  v_lexemes := coalesce(v_lexemes && v_filter, v_lexemes, v_filter);
  v_filter := (
    select pg_catalog.string_agg('''H' || h.name || '''', '&')
    from pg_catalog.unnest(v_search.has) as h (name)
    where h.name in ('attachment', 'link', 'mention', 'reply')
  )::tsquery;
  v_lexemes := coalesce(v_lexemes && v_filter, v_lexemes, v_filter);
  if pg_catalog.querytree(v_lexemes) = 'T' then
    perform private.fail(
      'invalid_argument', 'Search for something beside what is not to be there.', 422,
      pg_catalog.jsonb_build_object('field', 'p_query')
    );
  end if;
  perform private.take_token('message_search', (select auth.uid())::text);

  -- A channel, with its threads as far as the caller sees them; or one of these alone.
  v_channel_ids := array(
    with channel as materialized (
      select
        c.id, v_search.channels is null or c.id::text = any (v_search.channels) or pg_catalog.lower(c.name) = any (v_search.channels) as is_meant,
        private.channel_permissions(c.id, true) & private.permission_mask('manage_threads') <> 0 as sees_private
      from public.channels c
      where c.community_id = p_community_id
        and c.id = any ((select private.my_channel_ids('view_channel', 'read_history'))::uuid[])
    )
    select c.id from channel c where c.is_meant and (p_channel_id is null or c.id = p_channel_id)
    union all
    select t.id
    from channel c
    join private.threads t on t.community_id = p_community_id and t.channel_id = c.id
    where (c.is_meant or t.id::text = any (v_search.channels) or pg_catalog.lower(t.name) = any (v_search.channels))
      and (p_channel_id is null or t.channel_id = p_channel_id or t.id = p_channel_id)
      and (t.kind = 'public' or c.sees_private or exists (
        select from private.thread_members m where m.thread_id = t.id and m.user_id = (select auth.uid())
      ))
    union all
    select d.channel_id
    from private.shown_direct_channels((select auth.uid())) d
    where p_community_id is null and (p_channel_id is null or d.channel_id = p_channel_id)
      and (v_search.channels is null or d.channel_id::text = any (v_search.channels))
  );
  if v_channel_ids = '{}' or v_author_ids = '{}' and v_search.usernames is not null then
    return;
  end if;

  return query
  select d.*
  from private.described_messages(array(
    select m
    from private.find_messages(
      p_community_id, v_channel_ids, v_lexemes, v_search, p_before_created_at, p_before_channel_id, p_before_seq, p_limit
    ) m
    order by m.created_at desc, m.channel_id desc, m.seq desc
  )) d;
end
$$;

revoke all on function private.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function private.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) to authenticated;

-- The timeout bounds what the rarest kind of search may cost: a word that was common once, long ago, in a very long history.
create function public.search_messages(
  p_query text,
  p_community_id uuid,
  p_channel_id uuid default null,
  p_before_created_at timestamptz default null,
  p_before_channel_id uuid default null,
  p_before_seq bigint default null,
  p_limit integer default 25
)
returns setof public.described_message
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select * from private.search_messages(p_query, p_community_id, p_channel_id, p_before_created_at, p_before_channel_id, p_before_seq, p_limit); $$;

comment on function public.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) is
$$Returns the messages of a community that a search finds, the newest first, of the channels and threads that the caller views and may
read. A page
with fewer than `p_limit` is the last. What the server writes, joins and renames, is not found.
@param p_query words that a message has all of, whole and in whatever case; "several words" in this order, `or` between two, `-` before one
that it has not. And filters: `from:` a user's id or a member's username; `in:` the id or name of a channel, its threads included, or of a thread, in quotes where it has spaces; `has:`
attachment, link, mention, pin, reaction or reply; `before:` and `after:` a day, as 2026-12-31, which is itself left out, in UTC. Several `from:`
or `in:` find any of them, all else is needed together. A filter that names nobody or no channel to be read finds nothing; one that
is malformed is refused, and so is a search for nothing, or only for what is not there. Up to 500 characters
@param p_community_id {string | null} where to search; null: in the caller's direct channels
@param p_channel_id only in this channel and its threads, or in this thread; needs `read_history` there
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_channel_id and its `channel_id`
@param p_before_seq and its `seq`; all three or none
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, invalid_argument, rate_limited$$;

revoke all on function public.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) to authenticated;

-- schemas/messages/mark_read.sql

-- mark_read: Gate: view_channel. Limits: mark_read per user.
create function private.mark_read(p_channel_id uuid, p_seq bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
  v_seq bigint;
begin
  -- Before the gate, so that a membership that is about to end is not written to.
  perform private.hold_access(v_community_id);
  perform private.require_in_channel(p_channel_id, 'view_channel');
  if p_seq is null or p_seq < 0 then
    perform private.fail(
      'invalid_argument', 'Messages are numbered from 1.', 422, pg_catalog.jsonb_build_object('field', 'p_seq')
    );
  end if;
  perform private.take_token('mark_read', v_user_id::text);

  -- What is not written yet is not read.
  select least(p_seq, h.last_seq) into v_seq from private.channel_heads h where h.channel_id = p_channel_id;
  if private.advance_read(v_community_id, p_channel_id, v_user_id, v_seq) then
    perform private.broadcast(
      'user:' || v_user_id, 'channel_read',
      pg_catalog.jsonb_build_object('channel_id', p_channel_id, 'last_read_seq', v_seq)
    );
  end if;
end
$$;

revoke all on function private.mark_read(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function private.mark_read(uuid, bigint) to authenticated;

create function public.mark_read(p_channel_id uuid, p_seq bigint)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.mark_read(p_channel_id, p_seq); $$;

comment on function public.mark_read(uuid, bigint) is
$$Says that the caller has read a channel up to a message; their other devices hear of it. Never goes back.
@param p_seq the number of the last message read; above the newest: all of them
@errors session_required, not_found, invalid_argument, rate_limited
@idempotent$$;

revoke all on function public.mark_read(uuid, bigint) from public, anon, authenticated, service_role;
grant execute on function public.mark_read(uuid, bigint) to authenticated;

-- schemas/messages/list_unread.sql

-- unread_channel: what of a channel a member has not read.
create type public.unread_channel as (
  community_id uuid,
  channel_id uuid,
  parent_id uuid,
  last_seq bigint,
  first_unread_seq bigint,
  unread bigint,
  mentions integer
);

comment on type public.unread_channel is $$What of a channel or thread the caller has not read.
@not_null channel_id, last_seq, first_unread_seq, unread, mentions$$;
comment on column public.unread_channel.community_id is 'Its community; null: it is a direct channel.';
comment on column public.unread_channel.parent_id is 'The channel that it is a thread of; null: it is none.';
comment on column public.unread_channel.last_seq is 'The number of the newest message.';
comment on column public.unread_channel.first_unread_seq is 'The number after the last one read.';
comment on column public.unread_channel.unread is 'How many numbers there are from there on: last_seq - last read. Deleted messages keep theirs, so they count.';
comment on column public.unread_channel.mentions is 'How many of them mention the caller, a role held or everyone; at most 100 are counted.';

-- list_unread: Gate: membership; only channels that the caller views, and the open threads that the caller follows and may
-- read. A subtraction for each channel and no count of messages.
create function private.list_unread(p_community_id uuid)
returns setof public.unread_channel
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  if p_community_id is null then
    perform private.require_user();
  else
    perform private.require_in_community(p_community_id);
  end if;

  return query
  with mine as materialized (
    select m.community_id, private.mention_subjects(m.community_id, v_user_id) as subject_ids
    from public.community_members m
    where m.user_id = v_user_id and (p_community_id is null or m.community_id = p_community_id)
  )
  select
    h.community_id, h.channel_id, h.parent_id, h.last_seq, coalesce(r.last_read_seq, 0) + 1, h.last_seq - coalesce(r.last_read_seq, 0),
    case when h.last_mention_seq <= coalesce(r.last_read_seq, 0) then 0 else (
      select least(pg_catalog.count(distinct w.seq), 100)::integer
      from pg_catalog.unnest(mine.subject_ids) as s (id)
      -- From the last number read on, for each of them: as one set the planner would read all mentions there are.
      cross join lateral (
        select n.seq
        from private.message_mentions n
        where n.channel_id = h.channel_id and n.subject_id = s.id and n.seq > coalesce(r.last_read_seq, 0)
        order by n.seq
        limit 100
      ) w
    ) end
  from (
    select v.id from pg_catalog.unnest(private.my_channel_ids('view_channel')) as v (id)
    union all
    select t.id
    from mine
    join private.thread_members f on f.community_id = mine.community_id and f.user_id = v_user_id
    join private.threads t on t.id = f.thread_id and t.archived_at is null
    where t.channel_id = any (private.my_channel_ids('view_channel', 'read_history'))
  ) c
  join private.channel_heads h on h.channel_id = c.id
  join mine on mine.community_id = h.community_id
  left join private.channel_reads r
    on r.community_id = h.community_id and r.user_id = v_user_id and r.channel_id = h.channel_id
  where h.last_seq > coalesce(r.last_read_seq, 0)
  order by h.community_id, h.channel_id;

  if p_community_id is null then
    return query
    select
      null::uuid, h.channel_id, null::uuid, h.last_seq, d.last_read_seq + 1, h.last_seq - d.last_read_seq,
      case when h.last_mention_seq <= d.last_read_seq then 0 else (
        select pg_catalog.count(*)::integer
        from (
          select from private.message_mentions n
          where n.channel_id = h.channel_id and n.subject_id = v_user_id and n.seq > d.last_read_seq
          limit 100
        ) w
      ) end
    from private.shown_direct_channels(v_user_id) d
    join private.channel_heads h on h.channel_id = d.channel_id
    where h.last_seq > d.last_read_seq
    order by h.channel_id;
  end if;
end
$$;

revoke all on function private.list_unread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_unread(uuid) to authenticated;

create function public.list_unread(p_community_id uuid default null)
returns setof public.unread_channel
language sql stable security invoker set search_path = ''
as $$ select * from private.list_unread(p_community_id); $$;

comment on function public.list_unread(uuid) is
$$Returns the channels, and of their threads the open ones that the caller follows, with messages that the caller has not
read, and how many.
@param p_community_id only in this community; left out: in all of the caller's, and in direct channels
@errors session_required, not_found$$;

revoke all on function public.list_unread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_unread(uuid) to authenticated;

-- schemas/messages/start_typing.sql

-- start_typing: Gate: send_messages. Limits: typing per user. By the server and not by a client's own broadcast: who may send
-- on a channel's topic could send anything there (see decision 0001), and here the sender is who it says.
create function private.start_typing(p_channel_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  -- Before the gate: see hold_access.
  perform private.hold_access(h.community_id) from private.channel_heads h where h.channel_id = p_channel_id;
  perform private.require_in_channel(p_channel_id, 'send_messages');
  perform private.take_token('typing', v_user_id::text);
  perform private.broadcast(
    private.channel_topic(p_channel_id), 'typing', pg_catalog.jsonb_build_object('user_id', v_user_id)
  );
end
$$;

revoke all on function private.start_typing(uuid) from public, anon, authenticated, service_role;
grant execute on function private.start_typing(uuid) to authenticated;

create function public.start_typing(p_channel_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.start_typing(p_channel_id); $$;

comment on function public.start_typing(uuid) is
$$Tells who has a channel open that the caller is writing. Call it every 8 seconds while they are; whoever hears it shows it
for 10. Needs `send_messages`.
@errors session_required, not_found, missing_permission, timed_out, rate_limited$$;

revoke all on function public.start_typing(uuid) from public, anon, authenticated, service_role;
grant execute on function public.start_typing(uuid) to authenticated;

-- schemas/messages/list_topics.sql

-- list_topics: Gate: membership.
create function private.list_topics(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id);
  return pg_catalog.jsonb_build_object(
    'community_topic', private.community_topic(p_community_id),
    'activity_topic', private.activity_topic(p_community_id, (select auth.uid()))
  );
end
$$;

revoke all on function private.list_topics(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_topics(uuid) to authenticated;

create function public.list_topics(p_community_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.list_topics(p_community_id); $$;

comment on function public.list_topics(uuid) is
$$Returns the names of a community's topics for the caller: its structure, and in which channels something is new. They change
with access: ask again after every event with `moved`, and after `access_changed`. `activity_topic` is null for the
moments in which a temporary role has just ended.
@errors session_required, not_found
@returns {{ community_topic: string; activity_topic: string | null }}$$;

revoke all on function public.list_topics(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_topics(uuid) to authenticated;

-- schemas/messages/told_activity.sql

-- told_activity: up to where each channel's activity has been told to those who do not have it open.
create table private.told_activity (
  channel_id uuid primary key references private.channel_heads (channel_id) on delete cascade,
  told_seq bigint not null
);

revoke all on table private.told_activity from public, anon, authenticated, service_role;

-- schemas/messages/tell_activity.sql

-- tell_activity: tells each class of members in which of the channels it sees something is new, every 5 seconds: at most one
-- event for each class, whatever was written. A public thread is told to who reads its channel, a
-- private one to its members. Senders do nothing for it. What is new is found in the feed, from a while before the last run
-- on, because a change is stamped before it commits.
-- Communities in the order of ids, so that two runs do not wait for each other.
create function private.tell_activity(p_since interval default '1 minute')
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_view bigint := private.permission_mask('view_channel');
  v_read bigint := private.permission_mask('view_channel', 'read_history');
  v_community record;
begin
  for v_community in
    select c.community_id, pg_catalog.array_agg(c.channel_id) as channel_ids
    from (
      select e.channel_id, pg_catalog.max(e.seq) as last_seq
      from private.channel_events e
      where e.at > pg_catalog.now() - p_since and e.kind = 'created'
      group by e.channel_id
    ) new
    join private.channel_heads c on c.channel_id = new.channel_id and c.deleted_at is null
    left join private.told_activity t on t.channel_id = c.channel_id
    -- Direct channels are told at once (see tell_direct_message).
    where new.last_seq > coalesce(t.told_seq, 0) and c.community_id <> c.channel_id
    group by c.community_id
    order by c.community_id
  loop
    perform private.hold_access(v_community.community_id);

    insert into private.told_activity as t (channel_id, told_seq)
    select h.channel_id, h.last_seq
    from private.channel_heads h
    where h.channel_id = any (v_community.channel_ids) and h.deleted_at is null
    on conflict (channel_id) do update set told_seq = excluded.told_seq;

    perform private.broadcast(
      'activity:' || a.id || ':' || c.topic_epoch || '-' || a.topic_epoch, 'channel_activity',
      pg_catalog.jsonb_build_object('community_id', c.id, 'channels', seen.channels)
    )
    from (
      select
        ca.access_class_id,
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('channel_id', t.channel_id, 'parent_id', h.parent_id, 'last_seq', t.told_seq)
          order by t.channel_id
        ) as channels
      from private.told_activity t
      join private.channel_heads h on h.channel_id = t.channel_id
      join private.channel_access ca
        on ca.channel_id = coalesce(h.parent_id, h.channel_id)
        and case when h.parent_id is null then ca.permissions & v_view <> 0 else ca.permissions & v_read = v_read end
      where t.channel_id = any (v_community.channel_ids)
        and not exists (select from private.threads p where p.id = t.channel_id and p.kind = 'private')
      group by ca.access_class_id
    ) seen
    join private.access_classes a on a.id = seen.access_class_id
    join public.communities c on c.id = a.community_id;

    perform private.broadcast(
      'user:' || mine.user_id, 'thread_activity',
      pg_catalog.jsonb_build_object('community_id', v_community.community_id, 'channels', mine.channels)
    )
    from (
      select
        w.user_id,
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('channel_id', p.id, 'parent_id', p.channel_id, 'last_seq', t.told_seq)
          order by p.id
        ) as channels
      from private.told_activity t
      join private.threads p on p.id = t.channel_id and p.kind = 'private'
      join private.thread_members w on w.thread_id = p.id
      join public.community_members m on m.community_id = w.community_id and m.user_id = w.user_id
      join private.channel_access ca
        on ca.access_class_id = m.access_class_id and ca.channel_id = p.channel_id and ca.permissions & v_read = v_read
      where t.channel_id = any (v_community.channel_ids)
        and (m.access_expires_at is null or m.access_expires_at > pg_catalog.now())
      group by w.user_id
    ) mine;
  end loop;
end
$$;

revoke all on function private.tell_activity(interval) from public, anon, authenticated, service_role;

select private.schedule_job('tell_activity', '5 seconds', 'select private.tell_activity()');

-- schemas/messages/tell_threads.sql

-- tell_threads: the messages that threads hang on show how far these have come, every 5 seconds: one change of the channel for
-- each thread in which something was written, however much it was. Senders in a thread do nothing for it, and so never wait for its
-- channel. What is new is found as in tell_activity, and in the order of sweep_threads.
create function private.tell_threads(p_since interval default '1 minute')
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  for v_thread in
    select t.*
    from (
      select e.channel_id, pg_catalog.max(e.seq) as last_seq
      from private.channel_events e
      where e.at > pg_catalog.now() - p_since and e.kind = 'created'
      group by e.channel_id
    ) new
    join private.threads t on t.id = new.channel_id
    join public.messages m on m.channel_id = t.channel_id and m.seq = t.root_seq
    where new.last_seq > (m.thread ->> 'last_seq')::bigint
    order by t.community_id, t.channel_id, t.id
  loop
    perform private.hold_access(v_thread.community_id);
    perform private.change_root(v_thread);
  end loop;
end
$$;

revoke all on function private.tell_threads(interval) from public, anon, authenticated, service_role;

select private.schedule_job('tell_threads', '5 seconds', 'select private.tell_threads()');

-- schemas/messages/sweep_threads.sql

-- sweep_threads: stores which threads their silence has archived, and tells it. A thread is looked at once in each stretch in which it
-- may become silent, however much is written in it. In the order of communities and channels, so that two sweeps, or a sweep and a
-- job that tells of activity, do not wait for each other; a thread that is being changed is left for the next time.
create function private.sweep_threads(p_batch integer default 200)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_due uuid[];
  v_thread private.threads;
  v_archived_at timestamptz;
begin
  v_due := array(
    select t.id from private.threads t
    where t.archived_at is null and t.silence_at <= pg_catalog.now()
    order by t.silence_at
    limit p_batch
  );
  for v_thread in
    select t.* from private.threads t where t.id = any (v_due) order by t.community_id, t.channel_id, t.id
  loop
    perform private.hold_access(v_thread.community_id);
    -- Not while somebody writes in it.
    perform from private.channel_heads h where h.channel_id = v_thread.id for no key update skip locked;
    continue when not found;
    select t.* into v_thread from private.threads t where t.id = v_thread.id and t.archived_at is null for no key update;
    continue when not found;

    v_archived_at := private.archived_at(v_thread);
    update private.threads t
    set
      archived_at = v_archived_at,
      silence_at = greatest(h.last_message_at, t.opened_at) + pg_catalog.make_interval(mins => t.archive_after_minutes)
    from private.channel_heads h
    where t.id = v_thread.id and h.channel_id = t.id
    returning t.* into v_thread;
    if v_archived_at is not null then
      perform private.tell_thread(v_thread);
    end if;
  end loop;
end
$$;

revoke all on function private.sweep_threads(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_threads', '30 seconds', 'select private.sweep_threads()');

-- schemas/messages/fetch_social_messages.sql

-- fetch_social_messages: the newest messages down to a time, read from the newest end of the primary key.
-- Gate: read_history. What a ban has hidden is passed over, as in messages_up_to.
create function private.fetch_social_messages(p_channel_id uuid, p_limit integer, p_since timestamptz)
returns setof public.social_messages
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_limit integer := least(greatest(coalesce(p_limit, 50), 1), 200);
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
  v_message public.social_messages;
begin
  perform private.require_in_channel(p_channel_id, 'read_history');

  -- Times rise with numbers, so the first message that is not after p_since ends the walk. It is let through for that,
  -- hidden or not: as a filter, p_since would go on to the channel's beginning.
  for v_message in
    select s.* from public.social_messages s
    where s.channel_id = p_channel_id
      and (s.created_at <= p_since or s.sender_id is null or not exists (
        select from private.hidden_messages h
        where h.community_id = v_community_id and h.author_id = s.sender_id and s.created_at between h.since and h.until
      ))
    order by s.seq desc
    limit v_limit
  loop
    exit when v_message.created_at <= p_since;
    return next v_message;
  end loop;
end
$$;

revoke all on function private.fetch_social_messages(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function private.fetch_social_messages(uuid, integer, timestamptz) to authenticated;

create function public.fetch_social_messages(
  p_channel_id uuid,
  p_limit integer default 50,
  p_since timestamptz default null
)
returns setof public.social_messages
language sql stable security invoker set search_path = ''
as $$ select * from private.fetch_social_messages(p_channel_id, p_limit, p_since); $$;

comment on function public.fetch_social_messages(uuid, integer, timestamptz) is
$$Returns what people wrote in a channel, the newest first. Needs `read_history`. Where more came after `p_since` than the
limit lets through, the oldest of them are left out.
@param p_limit {number | null} 1 to 200; what is below or above is taken as the nearest of them, null as 50
@param p_since only what was sent strictly after this time
@errors session_required, not_found, missing_permission$$;

revoke all on function public.fetch_social_messages(uuid, integer, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.fetch_social_messages(uuid, integer, timestamptz) to authenticated;

-- schemas/messages/insert_social_message.sql

-- insert_social_message: send_message under the names of the social surface. Gate, limits and idempotency are those of
-- send_message, which does all of it.
create function private.insert_social_message(p_channel_id uuid, p_body text, p_client_id text)
returns public.social_messages
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_sent public.described_message;
  v_message public.social_messages;
begin
  -- send_message refuses it, too, by a name that is no argument here. Whoever may not send is told that first.
  if pg_catalog.char_length(p_client_id) not between 1 and 64 then
    perform private.require_in_channel(p_channel_id, 'send_messages');
    perform private.fail(
      'invalid_argument', 'A client id has 1 to 64 characters.', 422,
      pg_catalog.jsonb_build_object('field', 'p_client_id')
    );
  end if;

  v_sent := private.send_message(p_channel_id, p_body, p_client_id, null::bigint, null::jsonb);
  select s.* into v_message
  from public.social_messages s
  where s.channel_id = v_sent.channel_id and s.seq = v_sent.seq;
  return v_message;
end
$$;

revoke all on function private.insert_social_message(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.insert_social_message(uuid, text, text) to authenticated;

-- The timeout: see send_message.
create function public.insert_social_message(p_channel_id uuid, p_body text, p_client_id text default null)
returns public.social_messages
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.insert_social_message(p_channel_id, p_body, p_client_id); $$;

comment on function public.insert_social_message(uuid, text, text) is
$$Sends a message to a channel, as `send_message` does, and returns it. Needs `send_messages`.
The same sender and client id give the same message back, for ever, and nothing is sent twice; when it has been deleted
meanwhile: `expired`.
@param p_body 1 to 4,000 characters; white space around them is cut off, and they are kept in normal form C
@param p_client_id the sender's own mark, 1 to 64 characters; choose a new one for each message
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, body_too_long, expired, limit_reached, slow_mode, rate_limited
@idempotent by p_client_id$$;

revoke all on function public.insert_social_message(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.insert_social_message(uuid, text, text) to authenticated;

-- schemas/messages/say_who_joined.sql

-- Joins are told as messages, where a channel is there for it.
create function private.say_who_joined()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_joined record;
begin
  for v_joined in
    select m.user_id, c.id as channel_id
    from new_members m
    join public.channels c on c.community_id = m.community_id and c.announces_joins
    order by c.id, m.user_id
  loop
    perform from private.channel_heads h where h.channel_id = v_joined.channel_id for no key update;
    perform private.write_message(v_joined.channel_id, 'member_joined', v_joined.user_id, '');
  end loop;
  return null;
end
$$;

revoke all on function private.say_who_joined() from public, anon, authenticated, service_role;

create trigger messages_say_who_joined
after insert on public.community_members
referencing new table as new_members
for each statement execute function private.say_who_joined();

-- schemas/messages/say_new_name.sql

-- A channel's new name is told in it, by who gave it. The change holds the community's lock, so nobody else sends meanwhile.
create function private.say_new_name()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  -- Not where the server itself renames.
  if exists (select from public.profiles p where p.id = (select auth.uid())) then
    perform private.write_message(new.id, 'channel_renamed', (select auth.uid()), new.name);
  end if;
  return null;
end
$$;

revoke all on function private.say_new_name() from public, anon, authenticated, service_role;

create trigger messages_say_new_name
after update of name on public.channels
for each row when (old.name <> new.name and new.kind = 'text')
execute function private.say_new_name();

-- schemas/messages/sync_channel.sql

-- sync_channel: what changed since a revision, in order, without a gap; or `resync` when the feed no longer reaches back.
-- Gate: view_channel. Who may not read the history gets the changes without the messages.
-- Head and feed are read in one snapshot: what commits later is above the head and comes with the next call.
create function private.sync_channel(p_channel_id uuid, p_after_revision bigint, p_limit integer)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.require_in_channel(p_channel_id, 'view_channel');
  v_may_read boolean := v_permissions & private.permission_mask('read_history') <> 0;
  v_head private.channel_heads;
  v_changes jsonb;
  v_last bigint;
  v_is_gap_free boolean;
begin
  perform private.require_limit(p_limit, 500);

  select h.* into v_head from private.channel_heads h where h.channel_id = p_channel_id;

  if p_after_revision < v_head.revision then
    with e as materialized (
      select f.* from private.channel_events f
      where f.channel_id = p_channel_id and f.revision > p_after_revision and f.revision <= v_head.revision
      order by f.revision
      limit p_limit
    ), m as materialized (
      select d.*
      from private.described_messages(array(
        select k from public.messages k
        where k.channel_id = p_channel_id and k.seq = any (array(select e.seq from e)) and v_may_read
          and not private.is_hidden(k.channel_id, k.author_id, k.created_at)
      )) d
    )
    select
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'revision', e.revision, 'kind', e.kind, 'seq', e.seq, 'at', e.at,
          'message', case when m.seq is not null and e.kind <> 'anonymised' then pg_catalog.to_jsonb(m) end
        ) || case when e.seqs is null then '{}' else pg_catalog.jsonb_build_object('seqs', e.seqs) end
        order by e.revision
      ),
      pg_catalog.max(e.revision),
      -- No row missing before the first nor between them. (Never p_after_revision + 1: that may be past the greatest bigint.)
      pg_catalog.min(e.revision) - 1 = p_after_revision
        and pg_catalog.max(e.revision) - pg_catalog.min(e.revision) + 1 = pg_catalog.count(*)
    into v_changes, v_last, v_is_gap_free
    from e
    left join m on m.seq = e.seq;
  end if;

  return pg_catalog.jsonb_build_object(
    'topic', private.channel_topic(p_channel_id),
    'community_topic', private.community_topic(v_head.community_id),
    'parent_id', v_head.parent_id,
    'user_id', (select auth.uid()),
    'revision', v_head.revision,
    'last_seq', v_head.last_seq,
    -- A revision from the future, or a feed that has not all of what came since.
    'resync', coalesce(
      p_after_revision > v_head.revision
      or (p_after_revision < v_head.revision and v_is_gap_free is not true),
      false
    ),
    'has_more', coalesce(v_is_gap_free and v_last < v_head.revision, false),
    'changes', case when v_is_gap_free then v_changes else '[]'::jsonb end,
    -- For as long as the feed reaches back: who comes later reads a fresh page.
    'hidden', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('author_id', h.author_id, 'since', h.since, 'until', h.until) order by h.until
        ),
        '[]'
      )
      from private.hidden_messages h
      where h.community_id = v_head.community_id and h.until > pg_catalog.now() - interval '72 hours'
    )
  );
end
$$;

revoke all on function private.sync_channel(uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function private.sync_channel(uuid, bigint, integer) to authenticated;

create function public.sync_channel(
  p_channel_id uuid,
  p_after_revision bigint default null,
  p_limit integer default 100
)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.sync_channel(p_channel_id, p_after_revision, p_limit); $$;

comment on function public.sync_channel(uuid, bigint, integer) is
$$Returns where a channel stands, and what changed in it since a revision: ascending, without a gap. Needs `view_channel`.
`community_topic` is null for a direct channel. `resync` true means that the feed (at least 72 hours) no longer reaches back to that revision: read a fresh page with
`list_messages` and go on from `revision`. `hidden` are the messages that bans have hidden meanwhile: those of an author
between two times, both included; whoever shows them stops. A change's `message` is as it is now, and null without
`read_history`, where it is hidden, and where it is gone; `seqs` are all numbers of a deletion, or, of kind
`anonymised`, where `message` is always null, of messages that have no author and no name any more.
@param p_after_revision the last revision the caller knows; left out: only where the channel stands
@param p_limit 1 to 500 changes
@errors session_required, not_found, invalid_argument
@returns {{ topic: string; community_topic: string | null; parent_id: string | null; user_id: string; revision: number; last_seq: number; resync: boolean; has_more: boolean; changes: { revision: number; kind: 'created' | 'edited' | 'deleted' | 'reacted' | 'pinned' | 'unpinned' | 'threaded' | 'previewed' | 'anonymised'; seq: number; seqs?: number[]; at: string; message: DescribedMessage | null }[]; hidden: { author_id: string; since: string; until: string }[] }}$$;

revoke all on function public.sync_channel(uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.sync_channel(uuid, bigint, integer) to authenticated;

-- schemas/messages/sweep_messages.sql

-- sweep_messages: cuts the change feed behind 72 hours, in bounded batches. A batch every 30 seconds keeps up with 1,600
-- changes a second, which is more than Realtime delivers on most plans. Then removes what deleted channels have left.
-- Rows are named by their place on the disk, within one statement: a join by key would read the whole table for each batch.
create function private.sweep_messages(p_batch integer default 50000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.channel_events e
  where e.ctid = any (array(
    select s.ctid from private.channel_events s
    where s.at < pg_catalog.now() - interval '72 hours'
    -- The oldest first, so that the feed ends earlier and never has a hole.
    order by s.at, s.revision
    limit p_batch
  ));

  delete from public.messages m
  where m.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from public.messages k where k.channel_id = h.channel_id limit p_batch / 10
    ) s
    limit p_batch / 10
  ));

  delete from private.channel_events e
  where e.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from private.channel_events k where k.channel_id = h.channel_id limit p_batch
    ) s
    limit p_batch
  ));

  delete from private.tombstones t
  where t.ctid = any (array(
    select s.place
    from (
      select d.channel_id from private.channel_heads d where d.deleted_at is not null order by d.deleted_at limit 500
    ) h
    cross join lateral (
      select k.ctid as place from private.tombstones k where k.channel_id = h.channel_id limit p_batch
    ) s
    limit p_batch
  ));

  delete from private.channel_heads h
  where h.deleted_at is not null
    and not exists (select from public.messages m where m.channel_id = h.channel_id)
    and not exists (select from private.tombstones t where t.channel_id = h.channel_id)
    and not exists (select from private.channel_events e where e.channel_id = h.channel_id);

  -- Slow mode is at most 6 hours.
  delete from private.slow_mode_sends s where s.sent_at < pg_catalog.now() - interval '6 hours';
$$;

revoke all on function private.sweep_messages(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_messages', '30 seconds', 'select private.sweep_messages()');

-- schemas/messages/claim_attachment_removals.sql

-- claim_attachment_removals: files that nobody may read any more, the longest waiting first, for who removes them through Storage. SQL
-- cannot. What is handed out is not handed out again for ten minutes: a second sweep gets others, and what the first could not
-- remove comes again. Gate: the secret key.
create function private.claim_attachment_removals(p_limit integer)
returns text[]
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_paths text[];
begin
  perform private.require_limit(p_limit, 1000);

  with due as (
    select a.path from private.attachments a
    where a.remove_at <= pg_catalog.now()
      and (a.claimed_at is null or a.claimed_at < pg_catalog.now() - interval '10 minutes')
    order by a.remove_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.attachments a set claimed_at = pg_catalog.now() from due where a.path = due.path
    returning a.path
  )
  select coalesce(pg_catalog.array_agg(c.path), '{}') into v_paths from claimed c;
  return v_paths;
end
$$;

revoke all on function private.claim_attachment_removals(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_attachment_removals(integer) to service_role;

create function public.claim_attachment_removals(p_limit integer default 100)
returns text[]
language sql volatile security invoker set search_path = ''
as $$ select private.claim_attachment_removals(p_limit); $$;

comment on function public.claim_attachment_removals(integer) is
$$Returns the paths, in the bucket `attachments`, of files that nobody may read any more: not sent within 24 hours, expired, or of
a message that is gone. Whoever asks removes them through the Storage API; what is still there after 10 minutes comes again.
Needs the secret key.
@param p_limit 1 to 1,000
@errors invalid_argument$$;

revoke all on function public.claim_attachment_removals(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_attachment_removals(integer) to service_role;

-- schemas/messages/sweep_attachments.sql

-- sweep_attachments: where there is something to remove, asks the Edge Function sweep-attachments to. Where it cannot be called,
-- watch_attachments says so when that begins to matter.
create function private.sweep_attachments()
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  -- Rows whose object Storage has no more: a database that was restored, for instance. They would come again for ever.
  delete from private.attachments a
  where a.path in (
    select s.path from private.attachments s
    where s.remove_at <= pg_catalog.now() and s.claimed_at < pg_catalog.now() - interval '10 minutes'
      and not exists (select from storage.objects o where o.bucket_id = 'attachments' and o.name = s.path)
    order by s.remove_at
    limit 1000
  );
  if exists (select from private.attachments a where a.remove_at <= pg_catalog.now()) then
    perform private.call_edge_function('sweep-attachments', '1 minute');
  end if;
end
$$;

revoke all on function private.sweep_attachments() from public, anon, authenticated, service_role;

select private.schedule_job('sweep_attachments', '*/5 * * * *', 'select private.sweep_attachments()');

-- watch_attachments: fails when the bucket was made public, for which no policy is asked, or when files have been waiting for hours to
-- be removed, whatever the reason: then platform_health says `jobs_failing`, and the job's log says this.
create function private.watch_attachments()
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if exists (select from storage.buckets b where b.id = 'attachments' and b.public) then
    perform private.fail('internal', 'The bucket attachments is public: whoever knows a path reads the file. Make it private.', 500);
  end if;
  if exists (select from private.attachments a where a.remove_at < pg_catalog.now() - interval '6 hours') then
    perform private.fail(
      'provider_unavailable',
      'Files of messages that are gone are not removed: is sweep-attachments deployed, and are the functions'' address and secret in Vault?', 503
    );
  end if;
end
$$;

revoke all on function private.watch_attachments() from public, anon, authenticated, service_role;

select private.schedule_job('watch_attachments', '*/20 * * * *', 'select private.watch_attachments()');

-- schemas/messages/require_link_preview.sql

-- require_link_preview: what was found behind a link as it is kept and shown: texts in one line, without characters that
-- show nothing, and an image by a plain web address. Whoever fetched it was talking to a stranger, so nothing is taken on
-- trust. Null: there is nothing to show.
create function private.require_link_preview(p_url text, p_preview jsonb)
returns jsonb
language plpgsql immutable security definer set search_path = ''
as $$
declare
  v_max jsonb := '{"title": 256, "description": 512, "site_name": 100, "image_url": 2048}'::jsonb;
  v_preview jsonb := '{"title": null, "description": null, "site_name": null}'::jsonb;
  v_key text;
  v_value text;
begin
  if p_preview is null or p_preview = 'null' then
    return null;
  end if;
  if pg_catalog.jsonb_typeof(p_preview) <> 'object'
    or exists (
      select
      from pg_catalog.jsonb_each(p_preview) e
      where v_max -> e.key is null
        or pg_catalog.jsonb_typeof(e.value) not in ('string', 'null')
        or pg_catalog.char_length(p_preview ->> e.key) > (v_max ->> e.key)::integer
    )
    -- A host's name ends with letters, which an address never does.
    or p_preview ->> 'image_url' !~ '^https?://[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z][a-z0-9-]*(:[0-9]{1,5})?([/?#][!-~]*)?$'
    -- What ends a string or a url() where a page puts it, and the reader's own machine.
    or p_preview ->> 'image_url' ~ '["''()<>\\`]'
    or p_preview ->> 'image_url' ~ '^https?://([^/:?#]*\.)?(localhost|local|internal)([/:?#]|$)'
  then
    perform private.fail(
      'invalid_argument', 'This is no preview of a link.', 422, pg_catalog.jsonb_build_object('field', 'p_preview')
    );
  end if;

  foreach v_key in array array['title', 'description', 'site_name'] loop
    v_value := pg_catalog.btrim(
      pg_catalog.regexp_replace(
        private.strip_hidden(pg_catalog.regexp_replace(p_preview ->> v_key, '[[:space:]]+', ' ', 'g')), ' {2,}', ' ', 'g'
      )
    );
    if not private.is_blank(v_value) then
      v_preview := v_preview || pg_catalog.jsonb_build_object(v_key, v_value);
    end if;
  end loop;
  if v_preview ->> 'title' is null and v_preview ->> 'description' is null and p_preview ->> 'image_url' is null then
    return null;
  end if;
  return v_preview || pg_catalog.jsonb_build_object('url', p_url, 'image_url', p_preview ->> 'image_url');
end
$$;

revoke all on function private.require_link_preview(text, jsonb) from public, anon, authenticated, service_role;

-- schemas/messages/claim_link_previews.sql

-- claim_link_previews: the next links to look at, for the Edge Function link-previews. Each is its claimer's for a minute,
-- many times what a page is given; three claims without an answer are enough.
create function private.claim_link_previews(p_limit integer)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_claimed jsonb;
begin
  perform private.require_limit(p_limit, 100);

  with due as (
    select r.channel_id, r.seq
    from private.link_preview_requests r
    where r.claimable_at <= pg_catalog.now() and r.tries < 3
    order by r.claimable_at
    limit p_limit
    for update skip locked
  ), claimed as (
    update private.link_preview_requests r
    set tries = r.tries + 1, claimable_at = pg_catalog.now() + interval '1 minute'
    from due d
    where r.channel_id = d.channel_id and r.seq = d.seq
    returning r.channel_id, r.seq, r.url
  )
  select
    coalesce(
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'channel_id', c.channel_id, 'seq', c.seq, 'url', c.url,
          'is_known', k.url_hash is not null, 'preview', k.preview - 'url'
        )
      ),
      '[]'
    )
  into v_claimed
  from claimed c
  left join private.link_previews k
    on k.url_hash = pg_catalog.sha256(pg_catalog.convert_to(c.url, 'UTF8')) and private.is_known_link(k);
  return v_claimed;
end
$$;

revoke all on function private.claim_link_previews(integer) from public, anon, authenticated, service_role;
grant execute on function private.claim_link_previews(integer) to service_role;

create function public.claim_link_previews(p_limit integer default 20)
returns jsonb
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.claim_link_previews(p_limit); $$;

comment on function public.claim_link_previews(integer) is
$$Returns links of messages that wait for their preview. They are the caller's for a minute, to be answered with
`store_link_preview`; afterwards they are given out again, three times in all. Where `is_known`, the link was looked at within the
last hour and `preview` is what it showed. Needs the secret key.
@param p_limit 1 to 100 links
@errors invalid_argument
@returns {{ channel_id: string; seq: number; url: string; is_known: boolean; preview: { title: string | null; description: string | null; site_name: string | null; image_url: string | null } | null }[]}$$;

revoke all on function public.claim_link_previews(integer) from public, anon, authenticated, service_role;
grant execute on function public.claim_link_previews(integer) to service_role;

-- schemas/messages/store_link_preview.sql

-- store_link_preview: what was found behind a message's link, from the Edge Function link-previews. It is a change of the
-- message like any other: the community's lock, the channel's head, the row, the feed (see begin_message_change). An edit,
-- a deletion or a ban that came meanwhile has the last word, and one claim is answered once.
-- The message before its request, as where it is deleted and edited, so that none of them waits for another crosswise.
create function private.store_link_preview(p_channel_id uuid, p_seq bigint, p_url text, p_preview jsonb)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_preview jsonb := private.require_link_preview(p_url, p_preview);
  v_message public.messages;
begin
  perform private.hold_access(h.community_id)
  from private.channel_heads h
  where h.channel_id = p_channel_id and h.deleted_at is null;
  if not found then
    return false;
  end if;
  perform from private.channel_heads h where h.channel_id = p_channel_id and h.deleted_at is null for no key update;
  -- Deleted while the lock was waited for.
  if not found then
    return false;
  end if;
  if not exists (
    select from private.link_preview_requests r where r.channel_id = p_channel_id and r.seq = p_seq and r.url = p_url
  ) then
    return false;
  end if;

  update public.messages m
  set preview = v_preview, revision = private.next_revision(p_channel_id)
  where m.channel_id = p_channel_id and m.seq = p_seq
    and v_preview is not null
    and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
  returning m.* into v_message;
  delete from private.link_preview_requests r where r.channel_id = p_channel_id and r.seq = p_seq;

  -- What is known already stays as old as it is.
  insert into private.link_previews as k (url_hash, preview)
  values (pg_catalog.sha256(pg_catalog.convert_to(p_url, 'UTF8')), v_preview)
  on conflict (url_hash) do update
    set preview = excluded.preview, fetched_at = excluded.fetched_at
    where not private.is_known_link(k);

  if v_message.seq is null then
    return false;
  end if;
  perform private.tell_change('previewed', v_message);
  return true;
end
$$;

revoke all on function private.store_link_preview(uuid, bigint, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function private.store_link_preview(uuid, bigint, text, jsonb) to service_role;

create function public.store_link_preview(p_channel_id uuid, p_seq bigint, p_url text, p_preview jsonb)
returns boolean
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.store_link_preview(p_channel_id, p_seq, p_url, p_preview); $$;

comment on function public.store_link_preview(uuid, bigint, text, jsonb) is
$$Answers a link that `claim_link_previews` gave out, and says whether the message shows the preview now: not where there is
nothing to show, where the message is gone, hidden or has another link, and where it was answered already. Needs the secret key.
@param p_url the link as it was given out
@param p_preview {{ title?: string | null; description?: string | null; site_name?: string | null; image_url?: string | null } | null} up to 256, 512,
100 and 2,048 characters; null: there is nothing to show
@errors invalid_argument$$;

revoke all on function public.store_link_preview(uuid, bigint, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.store_link_preview(uuid, bigint, text, jsonb) to service_role;

-- schemas/messages/call_for_link_previews.sql

-- call_for_link_previews: has the Edge Function come where links wait for it, and only there.
create function private.call_for_link_previews()
returns void
language sql volatile security invoker set search_path = ''
as $$
  select private.call_edge_function('link-previews')
  where exists (
    select from private.link_preview_requests r where r.claimable_at <= pg_catalog.now() and r.tries < 3
  );
$$;

revoke all on function private.call_for_link_previews() from public, anon, authenticated, service_role;

select private.schedule_job('call_for_link_previews', '5 seconds', 'select private.call_for_link_previews()');

-- schemas/messages/sweep_link_previews.sql

-- sweep_link_previews: removes links that were given out three times for nothing and those for which nobody came in a day
-- (the Edge Function is not set up), and what is known of links for longer than it counts.
create function private.sweep_link_previews(p_batch integer default 10000)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from private.link_preview_requests r
  where r.ctid = any (array(
    select s.ctid from private.link_preview_requests s
    where s.claimable_at < pg_catalog.now() and (s.tries >= 3 or s.claimable_at < pg_catalog.now() - interval '1 day')
    order by s.claimable_at
    limit p_batch
    -- What is being edited or deleted with many others is left for the next time: two that take the same rows in
    -- another order would wait for each other.
    for update skip locked
  ));

  delete from private.link_previews k
  where k.ctid = any (array(
    select s.ctid from private.link_previews s
    where s.fetched_at < pg_catalog.now() - interval '1 hour'
    order by s.fetched_at
    limit p_batch
  ))
  and k.fetched_at < pg_catalog.now() - interval '1 hour';
$$;

revoke all on function private.sweep_link_previews(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_link_previews', '*/5 * * * *', 'select private.sweep_link_previews()');

-- schemas/messages/change_access_before_account_ends.sql

-- An account that ends takes its memberships along, and changes what it wrote, also in communities that it has left. The locks of all
-- of these come before any row here, in the order that everybody takes several in: later, the deletion would hold the profile that
-- a message on its way still refers to, and each would wait for the other; and messages are changed behind this lock alone (see
-- hold_access).
create function private.change_access_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.change_access(c.community_id)
  from (
    select m.community_id from public.community_members m where m.user_id = old.id
    union
    select t.community_id from private.threads t where t.owner_id = old.id
    union
    select d.channel_id from private.direct_members d where d.user_id = old.id
    union
    select h.community_id
    from (select distinct m.channel_id from public.messages m where m.author_id = old.id) w
    join private.channel_heads h on h.channel_id = w.channel_id
    union
    select h.community_id
    from (select distinct t.channel_id from private.tombstones t where t.author_id = old.id) w
    join private.channel_heads h on h.channel_id = w.channel_id
    order by 1
  ) c;
  return old;
end
$$;

revoke all on function private.change_access_before_account_ends() from public, anon, authenticated, service_role;

create trigger guildhall_change_access
before delete on auth.users
for each row execute function private.change_access_before_account_ends();

-- schemas/messages/erase_messages.sql

-- erase_messages: a step of an account's end (see erasure_steps): what becomes of the messages, as its owner has chosen; without a choice they
-- become anonymous. Of each channel, those
-- of a batch are one change: one revision, one entry of the feed, one broadcast with all their numbers.
-- What bans have hidden goes in any case: it is known by its author, and without one it would be shown again. So a spammer's last
-- act would be to bring all of it back.
-- Channels in the order in which sweep_threads takes them: a community's by their id, threads before the channel they belong to.
create function private.erase_messages(p_user_id uuid, p_batch integer)
returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_channel record;
  v_head private.channel_heads;
  v_removed bigint[];
  v_seen integer := 0;
  v_are_removed boolean := exists (
    select from private.account_endings e where e.user_id = p_user_id and e.messages = 'remove'
  );
begin
  for v_channel in
    select h.channel_id, h.community_id, pg_catalog.array_agg(w.seq order by w.seq) as seqs
    from (select m.channel_id, m.seq from public.messages m where m.author_id = p_user_id limit p_batch) w
    join private.channel_heads h on h.channel_id = w.channel_id
    group by h.channel_id
    order by h.community_id, coalesce(h.parent_id, h.channel_id), h.parent_id is null, h.channel_id
  loop
    v_seen := v_seen + pg_catalog.cardinality(v_channel.seqs);
    perform private.hold_access(v_channel.community_id);
    select h.* into v_head from private.channel_heads h where h.channel_id = v_channel.channel_id for no key update;
    if v_head.deleted_at is not null then
      -- Nobody reads there any more.
      delete from public.messages m where m.channel_id = v_channel.channel_id and m.seq = any (v_channel.seqs);
      continue;
    end if;

    v_removed := case
      when v_are_removed then v_channel.seqs
      else array(
        select m.seq
        from public.messages m
        join private.hidden_messages h on h.community_id = v_channel.community_id and h.author_id = p_user_id
        where m.channel_id = v_channel.channel_id and m.seq = any (v_channel.seqs)
          and m.author_id = p_user_id and m.created_at between h.since and h.until
      )
    end;
    perform private.remove_messages(v_channel.channel_id, v_removed, null, p_is_logged => false);
    perform private.anonymise_messages(v_channel.channel_id, p_user_id, v_channel.seqs);
  end loop;
  return v_seen;
end
$$;

revoke all on function private.erase_messages(uuid, integer) from public, anon, authenticated, service_role;

-- anonymise_messages: these messages, as far as they are there and this author's, are nobody's from now on. The caller holds the
-- channel's head. Without an author the nonce is no one's either.
create function private.anonymise_messages(p_channel_id uuid, p_author_id uuid, p_seqs bigint[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_revision bigint;
  v_seqs bigint[] := array(
    select m.seq from public.messages m
    where m.channel_id = p_channel_id and m.seq = any (p_seqs) and m.author_id = p_author_id
    order by m.seq
  );
begin
  if v_seqs = array[]::bigint[] then
    return;
  end if;
  v_revision := private.next_revision(p_channel_id);
  update public.messages m
  set author_id = null, author_name = null, client_nonce = null, revision = v_revision
  where m.channel_id = p_channel_id and m.seq = any (v_seqs);
  insert into private.channel_events (channel_id, revision, kind, seq, seqs)
  values (p_channel_id, v_revision, 'anonymised', v_seqs[1], v_seqs);
  perform private.broadcast(
    private.channel_topic(p_channel_id), 'message_anonymised',
    pg_catalog.jsonb_build_object('revision', v_revision, 'kind', 'anonymised', 'seq', v_seqs[1], 'seqs', v_seqs)
  );
end
$$;

revoke all on function private.anonymise_messages(uuid, uuid, bigint[]) from public, anon, authenticated, service_role;

insert into private.erasure_steps (name, place) values ('erase_messages', 10);

-- Where an account is deleted in the auth service, all that is left of what it wrote becomes anonymous at once, unless its owner has chosen.
-- Its locks are held (see change_access_before_account_ends).
create function private.anonymise_messages_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.erase_messages(old.id, null);
  return old;
end
$$;

revoke all on function private.anonymise_messages_before_account_ends() from public, anon, authenticated, service_role;

create trigger messages_anonymise_before_account_ends
before delete on public.profiles
for each row execute function private.anonymise_messages_before_account_ends();

-- schemas/messages/erase_traces.sql

-- erase_traces: a step of an account's end (see erasure_steps): what it has deleted has no author any more, and what it has uploaded and not
-- sent goes.
create function private.erase_traces(p_user_id uuid, p_batch integer)
returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_seen integer;
  v_unsent integer;
begin
  update private.tombstones t set author_id = null, client_nonce = null
  where t.ctid = any (array(select s.ctid from private.tombstones s where s.author_id = p_user_id limit p_batch));
  get diagnostics v_seen = row_count;
  update private.attachments a set remove_at = pg_catalog.now()
  where a.user_id = p_user_id and a.seq is null and a.remove_at > pg_catalog.now();
  get diagnostics v_unsent = row_count;
  return v_seen + v_unsent;
end
$$;

revoke all on function private.erase_traces(uuid, integer) from public, anon, authenticated, service_role;

insert into private.erasure_steps (name, place) values ('erase_traces', 20);

-- schemas/messages/personal_data.sql

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
