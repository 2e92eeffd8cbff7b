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
