begin;
select plan(7);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

create function pg_temp.places() returns text[] language sql security definer as
$$ select array_agg(name order by position) from public.channels where community_id = pg_temp.community() and group_id is null $$;

-- bob may manage the channel one and, to begin with, no other.
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), name) from unnest(array['one', 'two', 'three']) as name;
select create_role(pg_temp.community(), 'managers');
select set_config('test.role', (select id::text from roles where name = 'managers'), true);
select set_config('test.invite', (select code from create_invite(pg_temp.community())), true);
select pg_temp.become('bob');
select redeem_invite(current_setting('test.invite'));
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('bob')::uuid, current_setting('test.role')::uuid);
select set_channel_overwrite(pg_temp.channel('one'), 'role', current_setting('test.role')::uuid, '{manage_channels}');
select set_config('test.places', pg_temp.places()::text, true);

select pg_temp.become('bob');
select is(pg_temp.refused_permission($$ select update_channel(pg_temp.channel('one'), 'first') $$), 'none', 'who manages one channel renames it');
select update_channel(pg_temp.channel('first'), 'one');
select is(
  pg_temp.refused_permission($$ select move_channel(pg_temp.channel('one'), null, 2) $$),
  'PT403 missing_permission manage_channels', 'but does not move it: the others would make room'
);
select is(pg_temp.places()::text, current_setting('test.places'), 'and nothing has moved');

select pg_temp.become('ann');
select set_role_permissions(current_setting('test.role')::uuid, '{manage_channels}');
select pg_temp.become('bob');
select is(pg_temp.refused_permission($$ select move_channel(pg_temp.channel('one'), null, 2) $$), 'none', 'who manages all of them moves it');
select isnt(pg_temp.places()::text, current_setting('test.places'), 'and the others make room');

select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('two'), 'role', current_setting('test.role')::uuid, '{}', '{manage_channels}');
select set_config('test.places', pg_temp.places()::text, true);
select pg_temp.become('bob');
select is(
  pg_temp.refused_permission($$ select move_channel(pg_temp.channel('two'), null, 0) $$),
  'PT403 missing_permission manage_channels', 'a channel that is taken out of one''s rights is not moved either'
);
select is(pg_temp.places()::text, current_setting('test.places'), 'and stays where it is');

select * from finish();
rollback;
