begin;
select plan(20);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'cleo', 'zoe');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'voice', 'voice');
select create_role(pg_temp.community(), 'hasty', '{bypass_slow_mode}');
select create_role(pg_temp.community(), 'moderators', '{manage_messages}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'cleo']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('hasty'));
select is((update_channel(pg_temp.channel(), p_slow_mode_seconds => 60)).slow_mode_seconds, 60, 'who manages a channel gives it slow mode');
select is((select name from list_channels(pg_temp.community()) where id = pg_temp.channel()), 'general', 'what is left out stays');

select pg_temp.become('bob');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'one', 'nonce 1') $$), 'none', 'everybody sends one message');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'two') $$), 'PT429 slow_mode', 'and waits before the next');
select ok(
  (regexp_match(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'two') $$, 'retry_after'), '([0-9.]+)$'))[1]::numeric between 1 and 60, 'told how long'
);
select is((send_message(pg_temp.channel(), 'one', 'nonce 1')).seq, 1::bigint, 'the same message again is the same message');
select is(pg_temp.refusal($$ select edit_message(pg_temp.channel(), 1, 'won') $$), 'none', 'and may be edited');
select pg_temp.become('cleo');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'hi') $$), 'none', 'each waits for themself');
reset role;
update private.slow_mode_sends set sent_at = clock_timestamp() - interval '60 seconds' where user_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'two') $$), 'none', 'after the wait the next goes out');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'three') $$), 'PT429 slow_mode', 'one');
select delete_message(pg_temp.channel(), (select max(seq) from list_messages(pg_temp.channel())));
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'three') $$), 'PT429 slow_mode', 'deleting it shortens nothing');

-- Exempt.
select pg_temp.become('max');
select send_message(pg_temp.channel(), 'one');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'two') $$), 'none', 'who may bypass it does not wait');
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('cleo')::uuid, pg_temp.role('moderators'));
select pg_temp.become('cleo');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'two') $$), 'none', 'nor does who manages messages');

-- Changing it.
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select update_channel(pg_temp.channel(), p_slow_mode_seconds => 0)'), 'PT403 missing_permission manage_channels', 'not everybody ends it');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select update_channel(pg_temp.channel(), p_slow_mode_seconds => 0)'), 'PT404 not_found p_channel_id', 'least of all an outsider');
select pg_temp.become('ann');
select is(pg_temp.refused_field('select update_channel(pg_temp.channel(), p_slow_mode_seconds => 21601)'), 'PT422 invalid_argument p_slow_mode_seconds', 'it is 6 hours at most');
select is(pg_temp.refused_field('select update_channel(pg_temp.channel(), p_slow_mode_seconds => -1)'), 'PT422 invalid_argument p_slow_mode_seconds', 'and not negative');
select is(pg_temp.refused_field('select update_channel(pg_temp.channel(''voice''), p_slow_mode_seconds => 1)'), 'PT422 invalid_argument p_slow_mode_seconds', 'nobody types in a voice channel');
select update_channel(pg_temp.channel(), p_slow_mode_seconds => 0);
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'three') $$), 'none', 'without it nobody waits');
reset role;
update private.slow_mode_sends set sent_at = now() - interval '7 hours' where channel_id = pg_temp.channel();
select private.sweep_messages();
select is_empty('select from private.slow_mode_sends where channel_id = pg_temp.channel()', 'what is past is swept');

select * from finish();
rollback;
