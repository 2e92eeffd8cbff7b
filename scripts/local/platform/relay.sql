-- Only in the local shim. A hosted Realtime learns of new rows from a logical replication slot; the local relay learns of
-- them from a notification, because that also works where the database is embedded. Both come after commit and in the
-- order of commits, and neither comes for a transaction that was rolled back.

create or replace function realtime.notify_relay() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify(
    'realtime_messages',
    pg_catalog.json_build_object('id', new.id, 'inserted_at', new.inserted_at)::text
  );
  return null;
end
$$;
comment on function realtime.notify_relay is
'Only in the local shim: tells the relay about a new broadcast.';

create or replace trigger notify_relay
  after insert on realtime.messages
  for each row execute function realtime.notify_relay();
