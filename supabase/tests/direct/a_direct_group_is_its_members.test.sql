begin;
select plan(44);
\ir ../shared.psql
\ir ../direct.psql

create temp table people as select 'p' || n as name from generate_series(1, 10) as n;
grant select on people to authenticated;
select pg_temp.sign_up('owner', 'ann', 'bob', 'cleo', 'outsider');
select pg_temp.sign_up(name) from people;
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob', 'cleo']) as name;
select private.add_member(pg_temp.community(), md5(name)::uuid) from people;
update private.rate_limit_catalog set capacity = 1000 where key like 'direct%';
select set_config('test.all', '{feed,get,list,message,messages,pins,reactions,search,"search in it",send,social,table,topic,unread,view}', true);

-- Opening.
select pg_temp.become('ann');
select results_eq(
  $$ select kind, name, owner_id, jsonb_array_length(members), last_seq, unread from open_group(array[md5('bob')::uuid, md5('cleo')::uuid], 'us') $$,
  $$ values ('group', 'us', md5('ann')::uuid, 3, 0::bigint, 0::bigint) $$, 'a group is opened'
);
select isnt((open_group(array[md5('bob')::uuid])).id, pg_temp.direct_group('us'), 'as many as one likes');
select is(pg_temp.refused_field($$ select open_group('{}') $$), 'PT422 invalid_argument p_user_ids', 'not with nobody');
select is(pg_temp.refused_field($$ select open_group(array[md5('bob')::uuid, md5('bob')::uuid]) $$), 'PT422 invalid_argument p_user_ids', 'nor with somebody twice');
select is(pg_temp.refused_field($$ select open_group(array[md5('ann')::uuid]) $$), 'PT422 invalid_argument p_user_ids', 'nor oneself');
select is(pg_temp.refused_field($$ select open_group(null) $$), 'PT422 invalid_argument p_user_ids', 'nor null');
select is(pg_temp.refused_field($$ select open_group(array[md5('bob')::uuid, md5('outsider')::uuid]) $$), 'PT404 not_found p_user_ids', 'nor with who shares nothing');
select is(pg_temp.refused_field($$ select open_group(array[md5('bob')::uuid], ' ') $$), 'PT422 invalid_argument p_name', 'nor without a name that shows');
select is(pg_temp.refused_field(format('select open_group(%L)', array(select md5(name)::uuid from people))), 'PT422 invalid_argument p_user_ids', 'nor with ten others');
select is(pg_temp.told('bob'), '{direct_changed,direct_changed}', 'who is in it hears of it');
select send_message(pg_temp.direct_group('us'), 'a secret');
select pg_temp.become('bob');
select is(pg_temp.seen(pg_temp.direct_group('us'), 'secret'), current_setting('test.all')::text[], 'its members see it by every way');
select pg_temp.become('outsider');
select is(pg_temp.seen(pg_temp.direct_group('us'), 'secret'), '{}', 'nobody else by any');

-- Its name.
select pg_temp.become('bob');
select is((rename_direct_group(pg_temp.direct_group('us'), 'them')).name, 'them', 'any member names it');
select is((select kind || ' ' || body from list_messages(pg_temp.direct_group('them')) where seq = 2), 'channel_renamed them', 'which it says');
select is(pg_temp.refused_field($$ select rename_direct_group(pg_temp.direct_group('them'), '') $$), 'PT422 invalid_argument p_name', 'but not by nothing');
select pg_temp.become('outsider');
select is(pg_temp.refused_field($$ select rename_direct_group(pg_temp.direct_group('them'), 'x') $$), 'PT404 not_found p_channel_id', 'nobody else does');
select pg_temp.become('ann');
select open_direct(md5('bob')::uuid);
select is(pg_temp.refused_field($$ select rename_direct_group(pg_temp.pair('ann', 'bob'), 'x') $$), 'PT404 not_found p_channel_id', 'two people are no group');
select is(pg_temp.refused_field($$ select leave_direct_group(pg_temp.pair('ann', 'bob')) $$), 'PT404 not_found p_channel_id', 'which nobody leaves');
select is(pg_temp.refused_field($$ select add_direct_member(pg_temp.pair('ann', 'bob'), md5('cleo')::uuid) $$), 'PT404 not_found p_channel_id', 'nor comes to');
select is(pg_temp.refused_field($$ select remove_direct_member(pg_temp.channel(), md5('bob')::uuid) $$), 'PT404 not_found p_channel_id', 'nor is a community''s channel');
select is(pg_temp.refused_field($$ select get_direct(pg_temp.channel()) $$), 'PT404 not_found p_channel_id', 'which is no direct channel at all');

-- Taking in.
select pg_temp.become('bob');
select is(jsonb_array_length((add_direct_member(pg_temp.direct_group('them'), md5('p1')::uuid)).members), 4, 'any member takes somebody in');
select is(jsonb_array_length((add_direct_member(pg_temp.direct_group('them'), md5('p1')::uuid)).members), 4, 'once');
select is((select kind || ' ' || (author_id = md5('p1')::uuid)::text from list_messages(pg_temp.direct_group('them')) where seq = 3), 'member_joined true', 'which it says');
select pg_temp.become('p1');
select is((select count(*) from list_messages(pg_temp.direct_group('them'))), 3::bigint, 'who comes reads what was said before');
select is((select unread from get_direct(pg_temp.direct_group('them'))), 1::bigint, 'and has missed nothing of it');
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select add_direct_member(pg_temp.direct_group('them'), md5('outsider')::uuid) $$), 'PT404 not_found p_user_id', 'not who shares nothing with who asks');
select add_direct_member(pg_temp.direct_group('them'), md5('p' || n)::uuid) from generate_series(2, 7) as n;
select is(pg_temp.refusal($$ select add_direct_member(pg_temp.direct_group('them'), md5('p8')::uuid) $$), 'PT409 limit_reached', 'ten are a group');

-- Taking out, and leaving.
select set_config('test.topic', pg_temp.direct_topic(pg_temp.direct_group('them')), true);
select is(pg_temp.refusal($$ select remove_direct_member(pg_temp.direct_group('them'), md5('p1')::uuid) $$), 'PT403 role_hierarchy', 'only its owner takes somebody out');
select pg_temp.become('ann');
select is(pg_temp.refused_field($$ select remove_direct_member(pg_temp.direct_group('them'), md5('ann')::uuid) $$), 'PT422 invalid_argument p_user_id', 'not oneself');
select set_config('test.told', cardinality(pg_temp.told('p1'))::text, true);
select lives_ok($$ select remove_direct_member(pg_temp.direct_group('them'), md5('p1')::uuid) $$, 'but others');
select lives_ok($$ select remove_direct_member(pg_temp.direct_group('them'), md5('p1')::uuid) $$, 'who may be gone already');
select pg_temp.become('p1');
select is(pg_temp.seen(pg_temp.direct_group('them'), 'secret'), '{}', 'who is taken out sees nothing any more');
reset role;
select isnt(pg_temp.direct_topic(pg_temp.direct_group('them')), current_setting('test.topic'), 'and hears nothing: it has another topic');
select results_eq(
  $$ select event, payload ->> 'channel_id' from broadcasts where topic = current_setting('test.topic') and event = 'moved' $$,
  $$ values ('moved', pg_temp.direct_group('them')::text) $$, 'as the old one says'
);
select is(cardinality(pg_temp.told('p1')), current_setting('test.told')::integer + 1, 'they are told');
select pg_temp.become('ann');
select leave_direct_group(pg_temp.direct_group('them'));
select is(pg_temp.seen(pg_temp.direct_group('them'), 'secret'), '{}', 'who leaves sees nothing any more');
select is(pg_temp.refused_field($$ select leave_direct_group(pg_temp.direct_group('them')) $$), 'PT404 not_found p_channel_id', 'and leaves once');
select pg_temp.become('bob');
select is((get_direct(pg_temp.direct_group('them'))).owner_id, md5('bob')::uuid, 'who has been there longest owns it then');
select is((select count(*) from list_direct()), 2::bigint, 'what one takes part in is listed');
select results_eq(
  $$ with first as (select * from list_direct(p_limit => 1))
     select id from first
     union all
     select d.id from first f, list_direct(coalesce(f.last_message_at, f.created_at), f.id, 5) d $$,
  $$ select id from list_direct() $$, 'page by page, too'
);
select is(pg_temp.refused_field($$ select * from list_direct(now()) $$), 'PT422 invalid_argument p_before_id', 'which goes on after a time and an id');

-- Accounts that end.
reset role;
delete from auth.users where id in (md5('bob')::uuid);
select is((select owner_id from private.direct_channels where id = pg_temp.direct_group('them')), md5('cleo')::uuid, 'an owner whose account ends is followed by another');
delete from auth.users where id in (select md5(name)::uuid from people union select md5('cleo')::uuid);
select is_empty($$ select id from private.direct_channels where name = 'them' $$, 'and the last takes it along');

select * from finish();
rollback;
