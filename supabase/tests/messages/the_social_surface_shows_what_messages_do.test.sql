begin;
select plan(67);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'mute', 'former', 'spammer', 'outsider', 'stranger');

-- What somebody reads, by each way there is: the view, the function, and the messages behind them.
create function pg_temp.viewed() returns text language sql as
$$ select string_agg(body, ' ' order by seq desc) from public.social_messages where channel_id = pg_temp.channel() $$;
create function pg_temp.fetched(p_limit integer default 200, p_since timestamptz default null) returns text language sql as
$$ select string_agg(body, ' ') from fetch_social_messages(pg_temp.channel(), p_limit, p_since) $$;
create function pg_temp.messages() returns text language sql as
$$ select string_agg(body, ' ' order by seq desc) from public.messages where channel_id = pg_temp.channel() and kind = 'text' $$;
create function pg_temp.agreed() returns text language sql as $$
  select case
    when pg_temp.viewed() is not distinct from pg_temp.fetched() and pg_temp.viewed() is not distinct from pg_temp.messages()
      then coalesce(pg_temp.viewed(), 'nothing')
    else format('view: %s, function: %s, messages: %s', pg_temp.viewed(), pg_temp.fetched(), pg_temp.messages())
  end
$$;
-- When it was sent, whatever the caller may see.
create function pg_temp.time_of(p_body text) returns timestamptz language sql security definer as
$$ select created_at from public.messages where channel_id = pg_temp.channel() and body = p_body $$;

-- ann owns the community; cleo may not read its history, mute may not write. stranger owns another.
select pg_temp.become('stranger');
select create_community('Zig');
select pg_temp.become('ann');
select create_community('Rust');
select create_invite(pg_temp.community());
select set_config('test.code', (select code from invites where community_id = pg_temp.community()), true);
select pg_temp.become(name), redeem_invite(current_setting('test.code'))
from unnest(array['bob', 'cleo', 'mute', 'former', 'spammer']) as name;
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('cleo')::uuid, '{}', '{read_history}');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('mute')::uuid, '{}', '{send_messages}');
-- The server's own words are from before anybody's.
select set_config('test.own_words', (select count(*)::text from messages where channel_id = pg_temp.channel() and kind <> 'text'), true);

-- What is written.
select pg_temp.become('bob');
create temp table sent as select * from insert_social_message(pg_temp.channel(), 'one', 'client 1');
grant select on sent to authenticated;
select results_eq(
  'select id, channel_id, sender_id, sender_name, body, client_id, reply_to_seq, edited_at from sent',
  $$ select pg_temp.channel() || ':' || seq, pg_temp.channel(), md5('bob')::uuid,
       (select display_name from profiles where id = md5('bob')::uuid), 'one', 'client 1', null::bigint, null::timestamptz from sent $$,
  'a message sent by the social surface comes back with its columns'
);
select results_eq(
  $$ select channel_id, seq, author_id, author_name, body, client_nonce, created_at, kind from messages where body = 'one' $$,
  $$ select channel_id, seq, sender_id, sender_name, body, client_id, created_at, 'text' from sent $$, 'and is a message like any other'
);
select set_eq('select * from social_messages where body = ''one''', 'select * from sent', 'which the view shows');
select set_eq('select * from fetch_social_messages(pg_temp.channel())', 'select * from sent', 'and the function returns');
reset role;
select is(
  (select count(*) from broadcasts where topic = private.channel_topic(pg_temp.channel()) and event = 'message_created' and payload -> 'message' ->> 'body' = 'one'), 1::bigint, 'it is told to the channel once'
);
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'two', 'nonce 2', (select seq from sent));
select results_eq(
  $$ select body, client_id, reply_to_seq from social_messages where body = 'two' $$, $$ select 'two', 'nonce 2', seq from sent $$,
  'what came by the other way is shown as well, with what it answers'
);

-- Who reads it.
select pg_temp.become('bob');
select is(pg_temp.agreed(), 'two one', 'a member reads it, the newest first');
select pg_temp.become('mute');
select is(pg_temp.agreed(), 'two one', 'also one who may not write');
select pg_temp.become('cleo');
select is(pg_temp.viewed(), null, 'without read_history the view is empty');
select is(
  pg_temp.refused_permission('select pg_temp.fetched()'), 'PT403 missing_permission read_history', 'and the function says what is missing'
);
select pg_temp.become('former');
select is(pg_temp.agreed(), 'two one', 'who will leave reads it');
select leave_community(pg_temp.community());
select is(pg_temp.viewed(), null, 'who has left does not');
select is(pg_temp.refused_field('select pg_temp.fetched()'), 'PT404 not_found p_channel_id', 'and is told that there is no such channel');
select is(
  pg_temp.refused_field($$ select insert_social_message(pg_temp.channel(), 'three') $$), 'PT404 not_found p_channel_id', 'also for writing'
);
select pg_temp.become('outsider');
select is_empty('select * from social_messages', 'an outsider reads nothing, of whatever channel');
select is(pg_temp.refused_field('select pg_temp.fetched()'), 'PT404 not_found p_channel_id', 'nor by the function');
select is(
  pg_temp.refusal('select fetch_social_messages(gen_random_uuid())'), pg_temp.refusal('select pg_temp.fetched()'), 'which says the same of a channel that does not exist'
);
select is(pg_temp.refused_field('select fetch_social_messages(null)'), 'PT404 not_found p_channel_id', 'and of null');
select pg_temp.become('stranger');
select is_empty('select * from social_messages', 'the owner of another community reads nothing');
select is(pg_temp.refused_field('select pg_temp.fetched()'), 'PT404 not_found p_channel_id', 'nor by the function');
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty('select * from social_messages', 'a token without a user reads nothing');
select is(pg_temp.refusal('select pg_temp.fetched()'), 'PT401 session_required', 'and is told to sign in');
set local role anon;
set local request.jwt.claims = '{"role": "anon"}';
select throws_ok('select * from public.social_messages', '42501', null, 'without a session the view is refused');
select throws_ok('select fetch_social_messages(gen_random_uuid())', '42501', null, 'so is reading');
select throws_ok('select insert_social_message(gen_random_uuid(), ''three'')', '42501', null, 'and writing');

-- Who writes.
select pg_temp.become('mute');
select is(
  pg_temp.refused_permission($$ select insert_social_message(pg_temp.channel(), 'three') $$), 'PT403 missing_permission send_messages', 'who may not send messages sends none here'
);
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('bob')::uuid, clock_timestamp() + interval '1 hour');
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select insert_social_message(pg_temp.channel(), 'three') $$), 'PT403 timed_out', 'nor does who is timed out');
select is(pg_temp.agreed(), 'two one', 'who still reads');
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('bob')::uuid, null);
select throws_ok($$ insert into social_messages (body) values ('three') $$, '42501', null, 'nobody writes into the view');
select throws_ok($$ update social_messages set body = 'three' $$, '42501', null, 'or changes what it shows');
select throws_ok('delete from social_messages', '42501', null, 'or deletes by it');

-- The client id.
select pg_temp.become('bob');
select set_eq(
  $$ select * from insert_social_message(pg_temp.channel(), 'something else', 'client 1') $$, 'select * from sent', 'the same client id gives the same message back'
);
select is(pg_temp.agreed(), 'two one', 'and sends nothing twice');
select is(
  (insert_social_message(pg_temp.channel(), 'three', repeat('é', 64))).client_id, repeat('é', 64), 'a client id has up to 64 characters'
);
select is(
  pg_temp.refused_field($$ select insert_social_message(pg_temp.channel(), 'four', repeat('é', 65)) $$), 'PT422 invalid_argument p_client_id', 'not 65'
);
select is(pg_temp.refused_field($$ select insert_social_message(pg_temp.channel(), 'four', '') $$), 'PT422 invalid_argument p_client_id', 'nor none');
select pg_temp.become('mute');
select is(
  pg_temp.refused_permission($$ select insert_social_message(pg_temp.channel(), 'four', '') $$), 'PT403 missing_permission send_messages',
  'who may not send is told that before anything about the client id'
);
select pg_temp.become('outsider');
select is(
  pg_temp.refused_field($$ select insert_social_message(pg_temp.channel(), 'four', '') $$), 'PT404 not_found p_channel_id', 'and an outsider that there is no such channel'
);
select pg_temp.become('ann');
select is(
  (insert_social_message(pg_temp.channel(), 'four', 'client 1')).body, 'four', 'somebody else''s client id is another one'
);

-- What becomes of a message.
select pg_temp.become('bob');
select edit_message(pg_temp.channel(), (select seq from sent), 'uno');
select is(pg_temp.agreed(), 'four three two uno', 'an edited message shows what it says now');
select is(
  (select edited_at is not null from social_messages where id = (select id from sent)), true, 'under the same id, and since when'
);
select delete_message(pg_temp.channel(), (select seq from sent));
select is(pg_temp.agreed(), 'four three two', 'a deleted one is gone');
select is(
  pg_temp.refusal($$ select insert_social_message(pg_temp.channel(), 'one', 'client 1') $$), 'PT410 expired', 'and a late retry does not bring it back'
);
select pg_temp.become('ann');
select pin_message(pg_temp.channel(), (select seq from social_messages where body = 'two'));
select cmp_ok(
  (select count(*) from messages where channel_id = pg_temp.channel() and kind <> 'text'), '>', current_setting('test.own_words')::bigint,
  'the server has said something since'
);
select is(pg_temp.agreed(), 'four three two', 'which is not for this surface');

-- What a ban hides.
select pg_temp.become('spammer');
select insert_social_message(pg_temp.channel(), 'buy');
select pg_temp.become('bob');
select is(pg_temp.agreed(), 'buy four three two', 'before the ban it is shown');
select pg_temp.become('ann');
select ban_member(pg_temp.community(), md5('spammer')::uuid, 'spam', null, now() - interval '1 day');
select is(pg_temp.agreed(), 'four three two', 'what a ban hides is not shown');
select is(pg_temp.fetched(2), 'four three', 'and takes nobody''s place on a page');
select pg_temp.become('spammer');
select is(pg_temp.viewed(), null, 'who is banned reads nothing');
select is(pg_temp.refused_field('select pg_temp.fetched()'), 'PT404 not_found p_channel_id', 'as who never was there');

-- The page.
select pg_temp.become('bob');
select is(pg_temp.fetched(200, pg_temp.time_of('two')), 'four three', 'strictly after the time of a message: it is not among them');
select is(
  pg_temp.fetched(200, pg_temp.time_of('two') - interval '1 microsecond'), 'four three two', 'a moment before it: it is'
);
select is(pg_temp.fetched(1, pg_temp.time_of('two')), 'four', 'within the limit, the newest');
select is(pg_temp.fetched(200, pg_temp.time_of('buy') - interval '1 microsecond'), null, 'nor is what is hidden shown as new');
select is(pg_temp.fetched(200, 'infinity'), null, 'nothing is after the end of time');
select is(pg_temp.fetched(200, '-infinity'), 'four three two', 'and everything after its beginning');
reset role;
insert into public.messages (channel_id, seq, author_id, body, revision, created_at)
select pg_temp.channel(), 1000 + n, md5('ann')::uuid, n, 1, clock_timestamp() from generate_series(1, 20000) as n;
update private.channel_heads set last_seq = 21000 where channel_id = pg_temp.channel();
analyze public.messages;
create function pg_temp.size_of(p_limit integer) returns text language sql as
$$ select count(*) || ' to ' || max(body) from fetch_social_messages(pg_temp.channel(), p_limit) $$;
select pg_temp.become('bob');
select is(pg_temp.size_of(null), '50 to 20000', 'null is 50');
select is((select count(*) from fetch_social_messages(pg_temp.channel())), 50::bigint, 'so is no limit at all');
select is(array[pg_temp.size_of(0), pg_temp.size_of(-1), pg_temp.size_of(-2147483648)], array_fill('1 to 20000'::text, '{3}'), 'less than 1 is 1');
select is(
  array[pg_temp.size_of(200), pg_temp.size_of(201), pg_temp.size_of(1000), pg_temp.size_of(2147483647)],
  array_fill('200 to 20000'::text, '{4}'), 'more than 200 is 200'
);

-- What it costs in a channel of 20,000: the rows of messages that are looked at, by an index or without one.
create function pg_temp.rows_seen() returns bigint language sql volatile as $$
  select pg_stat_get_xact_tuples_returned('public.messages'::regclass) + pg_stat_get_xact_tuples_fetched('public.messages'::regclass)
    + (select sum(pg_stat_get_xact_tuples_fetched(indexrelid)) from pg_index where indrelid = 'public.messages'::regclass)::bigint
$$;
create function pg_temp.looked_at(p_statement text) returns bigint language plpgsql as $$
declare
  v_before bigint := pg_temp.rows_seen();
begin
  execute p_statement;
  return pg_temp.rows_seen() - v_before;
end
$$;
select is(
  (select max(pg_temp.looked_at('select * from fetch_social_messages(pg_temp.channel())')) from generate_series(1, 8)), 50::bigint,
  'a page looks at no more than it returns, however often it is asked for'
);
-- plpgsql asks for its first rows ten at a time.
select cmp_ok(
  (select max(pg_temp.looked_at('select * from fetch_social_messages(pg_temp.channel(), 200, ''2100-01-01'')')) from generate_series(1, 8)), '<=', 10::bigint,
  'the time ends the walk, instead of filtering the channel'
);
select cmp_ok(
  pg_temp.looked_at('select * from public.messages where channel_id = pg_temp.channel() and body = ''none'''), '>=', 20000::bigint,
  'where a filter looks at all of it'
);
reset role;
update public.messages set author_id = md5('spammer')::uuid where channel_id = pg_temp.channel() and seq > 1000;
update private.hidden_messages set until = 'infinity' where author_id = md5('spammer')::uuid;
select pg_temp.become('bob');
select is(pg_temp.fetched(), 'four three two', 'what is hidden is passed over, be it 20,000');
select cmp_ok(
  pg_temp.looked_at('select * from fetch_social_messages(pg_temp.channel(), 200, ''2100-01-01'')'), '<=', 10::bigint, 'but not to find the end of the walk'
);

-- Hostile bodies: as send_message has them.
create temp table bodies (body text, outcome text);
insert into bodies values
  (null, 'PT422 invalid_argument p_body'), ('', 'PT422 invalid_argument p_body'), (e' \t\n\u00a0\u3000', 'PT422 invalid_argument p_body'),
  (repeat('x', 4001), 'PT422 body_too_long p_body'), (e'\u200b\u200d\u2060', 'PT422 invalid_argument p_body'),
  ('e' || repeat(e'\u0301', 4000), 'PT422 body_too_long p_body'), (repeat('x', 4000), 'none'), (e'\u202edesrever', 'none'),
  ('''; drop table messages; --', 'none'), ('<script>alert(1)</script>', 'none'), (e'\U0001f469\u200d\U0001f680', 'none'), ('%s $1 \', 'none');
select is_empty(
  $$ select left(body, 20), outcome, pg_temp.refused_field(format('select insert_social_message(pg_temp.channel(), %L)', body)) as got from bodies
     where pg_temp.refused_field(format('select insert_social_message(pg_temp.channel(), %L)', body)) <> outcome $$,
  'each body is kept or refused with its code'
);
select is_empty(
  $$ select body from bodies where outcome = 'none' except select body from fetch_social_messages(pg_temp.channel()) $$, 'and comes back as it was sent'
);

select * from finish();
rollback;
