begin;
select plan(17);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

-- Two groups; general stands in the first, synced with it.
select pg_temp.become('ann');
select create_community('Rust');
create function pg_temp.group_id(p_name text) returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community() and name = p_name $$;
select create_channel_group(pg_temp.community(), 'Second');
select create_channel(pg_temp.community(), name, 'text', pg_temp.group_id('Text channels')) from unnest(array['b', 'c']) as name;
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('ann');
create function pg_temp.order_shown() returns text language sql as
$$ select string_agg(name, ' ') from list_channels(pg_temp.community()) $$;

select is(pg_temp.order_shown(), 'general b c', 'new channels come last');
select move_channel(pg_temp.channel('c'), pg_temp.group_id('Text channels'), 0);
select is(pg_temp.order_shown(), 'c general b', 'a channel moves to the front');
select move_channel(pg_temp.channel('c'), pg_temp.group_id('Text channels'), 1);
select is(pg_temp.order_shown(), 'general c b', 'to the middle');
select move_channel(pg_temp.channel('general'), pg_temp.group_id('Text channels'), 99);
select is(pg_temp.order_shown(), 'c b general', 'past the end');
select move_channel(pg_temp.channel('b'), null, 0);
select is(pg_temp.order_shown(), 'b c general', 'and above all groups');
select results_eq(
  'select name, position from public.channels order by group_id nulls first, position', $$ values ('b', 0), ('c', 0), ('general', 1) $$, 'places are counted without gaps'
);
select move_channel_group(pg_temp.group_id('Second'), 0);
select is((select string_agg(name, ', ') from list_channel_groups(pg_temp.community())), 'Second, Text channels', 'groups move, too');

-- A synced channel follows its group.
select is((select bool_and(is_synced) from public.channels where group_id is not null), true, 'channels made in a group are synced with it');
select is((select is_synced from public.channels where name = 'b'), false, 'one that moved out of it is not');
select set_channel_group_overwrite(pg_temp.group_id('Text channels'), 'member', md5('bob')::uuid, p_deny => '{send_messages}');
select pg_temp.become('bob');
select ok(not can_send_in_channel(pg_temp.channel('c')) and not can_send_in_channel(pg_temp.channel()), 'what the group denies its channels deny');
select ok(can_send_in_channel(pg_temp.channel('b')), 'others do not');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('c'), 'member', md5('bob')::uuid, '{send_messages}');
select clear_channel_group_overwrite(pg_temp.group_id('Text channels'), 'member', md5('bob')::uuid);
select results_eq(
  $$ select subject_kind, subject_id, allow, deny from list_channel_overwrites(pg_temp.channel('c')) $$,
  $$ values ('member', md5('bob')::uuid, '{send_messages}'::text[], '{}'::text[]) $$, 'a channel''s own overwrite ends the sync: the group''s no longer reaches it'
);
select is_empty('select * from list_channel_overwrites(pg_temp.channel())', 'but one that is synced');
select sync_channel_with_group(pg_temp.channel('c'));
select is_empty('select * from list_channel_overwrites(pg_temp.channel(''c''))', 'until it is synced again');
select is(pg_temp.refusal('select sync_channel_with_group(pg_temp.channel(''b''))'), 'PT409 conflict', 'without a group there is nothing to sync with');

-- Deleting.
select delete_channel_group(pg_temp.group_id('Text channels'));
select is(pg_temp.order_shown(), 'b c general', 'a group goes without its channels');
select delete_channel(pg_temp.channel('c'));
select is(pg_temp.order_shown(), 'b general', 'a channel goes by itself');

select * from finish();
rollback;
