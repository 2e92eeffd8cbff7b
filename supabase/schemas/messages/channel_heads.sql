-- channel_heads: the last numbers of each channel. Whoever changes something in a channel locks its row until the end of
-- the transaction, so numbers have no gaps and follow the order of commits.
create table private.channel_heads (
  channel_id uuid primary key references public.channels (id) on delete cascade,
  last_seq bigint not null default 0,
  revision bigint not null default 0
)
-- Room for the new version of the row on the same page: each message updates one row here, and no index.
with (fillfactor = 50);

revoke all on table private.channel_heads from public, anon, authenticated, service_role;

-- Every channel has its head from its first moment on.
create function private.create_channel_heads()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into private.channel_heads (channel_id) select c.id from new_channels c;
  return null;
end
$$;

revoke all on function private.create_channel_heads() from public, anon, authenticated, service_role;

create trigger messages_create_channel_heads
after insert on public.channels
referencing new table as new_channels
for each statement execute function private.create_channel_heads();
