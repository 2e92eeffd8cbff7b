begin;
select plan(10);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
delete from broadcasts where true;

select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'hello', 'nonce');
reset role;
create temp table sent as select * from broadcasts;

select is((select count(*) from sent), 1::bigint, 'one message is one row, however many members there are');
select is((select topic from sent), 'channel:' || pg_temp.channel() || ':1-1', 'on the channel''s topic under today''s name');
select is((select event from sent), 'message_created', 'as message_created');
select ok((select private and extension = 'broadcast' from sent), 'private');
select is((select payload - 'id' - 'message' from sent), '{"revision": 1, "kind": "created", "seq": 1}', 'its payload says which change it is');
select set_eq(
  $$ select m.* from sent, jsonb_populate_record(null::public.messages, payload -> 'message') as m $$,
  $$ select * from public.messages where channel_id = pg_temp.channel() $$,
  'and carries the whole row'
);
select ok((select (payload ->> 'id')::uuid is not null from sent), 'and an id');
select is((select count(*) from private.lost_broadcasts where topic = (select topic from sent)), 0::bigint, 'nothing is lost');

-- A client's zone is not in what others receive.
set local timezone = 'UTC';
select set_config('test.at', (select to_jsonb(created_at) #>> '{}' from public.messages where channel_id = pg_temp.channel()), true);
set local timezone = 'Asia/Kathmandu';
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'from Kathmandu');
reset role;
set local timezone = 'UTC';
select is(
  (select payload -> 'message' ->> 'created_at' from broadcasts where payload -> 'message' ->> 'body' = 'from Kathmandu' and topic = (select topic from sent)),
  (select to_jsonb(created_at) #>> '{}' from public.messages where channel_id = pg_temp.channel() and seq = 2),
  'times are written the same way whatever the sender''s zone'
);

-- Where it is lost the message is sent all the same.
create function private.test_refuse_row() returns trigger language plpgsql as
$$ begin raise exception 'no partition of relation "messages" found for row'; end $$;
create trigger test_refuse_row before insert on realtime.messages for each row execute function private.test_refuse_row();
set local client_min_messages = error;
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'unheard');
select is(sync_channel(pg_temp.channel(), 2) #>> '{changes,0,message,body}', 'unheard', 'a message whose broadcast is lost is in the feed');

select * from finish();
rollback;
