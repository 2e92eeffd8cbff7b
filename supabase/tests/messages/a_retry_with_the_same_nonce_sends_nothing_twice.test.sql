begin;
select plan(19);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

create function pg_temp.charged() returns timestamptz language sql security definer as
$$ select full_at from private.rate_limits where limit_key = 'message_send' and subject = md5('ann')::uuid::text $$;
create function pg_temp.broadcasts() returns bigint language sql security definer as
$$ select count(*) from broadcasts where topic = private.channel_topic(pg_temp.channel()) and event = 'message_created' $$;

select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'other');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);

select pg_temp.become('ann');
create temp table first as select * from send_message(pg_temp.channel(), 'hello', 'once');
select set_config('test.charged', pg_temp.charged()::text, true);
select is(pg_temp.broadcasts(), 1::bigint, 'a message is one broadcast');

create temp table again as select * from send_message(pg_temp.channel(), 'hello', 'once');
select set_eq('select * from again', 'select * from first', 'the same nonce returns the same message');
select is((select count(*) from list_messages(pg_temp.channel())), 1::bigint, 'makes no second one');
select is(pg_temp.broadcasts(), 1::bigint, 'no second broadcast');
select is(pg_temp.charged()::text, current_setting('test.charged'), 'and charges nothing');
select is((sync_channel(pg_temp.channel()) ->> 'revision')::bigint, 1::bigint, 'and no revision');

select is((send_message(pg_temp.channel(), 'something else', 'once')).body, 'hello', 'whatever its text says now');
select is((send_message(pg_temp.channel(), 'hello', 'once', 999)).seq, 1::bigint, 'and whatever it answers');

-- Also where the limit has been reached since.
reset role;
update private.rate_limits set full_at = now() + interval '1 hour' where limit_key = 'message_send' and subject = md5('ann')::uuid::text;
select pg_temp.become('ann');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'hello', 'twice') $$), 'PT429 rate_limited', 'a new message is refused');
select is((send_message(pg_temp.channel(), 'hello', 'once')).seq, 1::bigint, 'a retry is not');
reset role;
update private.rate_limits set full_at = now() where limit_key = 'message_send' and subject = md5('ann')::uuid::text;

-- A nonce is its author's, and its channel's.
select pg_temp.become('bob');
select is((send_message(pg_temp.channel(), 'hello', 'once')).seq, 2::bigint, 'another author''s nonce is another nonce');
select pg_temp.become('ann');
select is((send_message(pg_temp.channel('other'), 'hello', 'once')).seq, 1::bigint, 'the same nonce in another channel is another message');
select is((send_message(pg_temp.channel(), 'hello', 'ONCE')).seq, 3::bigint, 'a nonce is compared letter by letter');
select is((send_message(pg_temp.channel(), 'hello')).seq, 4::bigint, 'without a nonce');
select is((send_message(pg_temp.channel(), 'hello')).seq, 5::bigint, 'the same text is another message');

-- Its size.
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'hello', '') $$), 'PT422 invalid_argument p_client_nonce', 'an empty nonce is refused');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'hello', repeat('n', 65)) $$), 'PT422 invalid_argument p_client_nonce', 'so is one of 65 characters');
select is((send_message(pg_temp.channel(), 'hello', repeat('é', 64))).seq, 6::bigint, 'one of 64 is taken');

-- It is no way around the gate.
reset role;
delete from public.community_members where user_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'hello', 'once') $$), 'PT404 not_found p_channel_id', 'whoever left gets nothing back for an old nonce');

select * from finish();
rollback;
