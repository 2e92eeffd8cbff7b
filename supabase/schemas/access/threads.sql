-- threads: conversations that branch off a text channel. A thread takes its channel's rights (see thread_permissions): it has no
-- overwrites, no place among the channels and no answers of its own in channel_access, however many there are.
-- A public thread hangs on a message of its channel, root_seq, by which the channel tells what becomes of it; a private one is
-- known to its members, and to who manages threads.
-- opened_at: its beginning, or when it was last taken out of the archive. Silence since then, or since its last message, archives
-- it (see archived_at), at once for who asks; the sweep looks at silence_at, which is never too late.
create table private.threads (
  community_id uuid not null,
  channel_id uuid not null,
  id uuid not null default private.uuid_v7() unique,
  kind text not null check (kind in ('public', 'private')),
  name text not null check (pg_catalog.char_length(pg_catalog.btrim(name)) between 1 and 100),
  owner_id uuid references public.profiles (id) on delete set null,
  root_seq bigint check (root_seq is null or kind = 'public'),
  is_locked boolean not null default false,
  archive_after_minutes integer not null check (archive_after_minutes in (60, 1440, 4320, 10080)),
  archived_at timestamptz,
  opened_at timestamptz not null default pg_catalog.now(),
  silence_at timestamptz not null,
  topic_epoch bigint not null default 0,
  created_at timestamptz not null default pg_catalog.now(),
  primary key (community_id, id),
  foreign key (community_id, channel_id) references public.channels (community_id, id) on delete cascade
);

-- As they are listed: the newest first.
create index threads_channel_id on private.threads (community_id, channel_id, kind, id);
create unique index threads_root_seq on private.threads (channel_id, root_seq) where root_seq is not null;
create index threads_open on private.threads (channel_id, id) where archived_at is null;
create index threads_silence_at on private.threads (silence_at) where archived_at is null;
create index threads_owner_id on private.threads (owner_id);

revoke all on table private.threads from public, anon, authenticated, service_role;
