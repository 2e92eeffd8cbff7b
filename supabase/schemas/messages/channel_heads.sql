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
