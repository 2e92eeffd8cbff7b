begin;
select plan(19);
\ir ../shared.psql
\ir ../direct.psql

select pg_temp.sign_up('owner', 'ann', 'bob', 'friend');
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob']) as name;
insert into private.friendships (user_id, friend_id)
values (md5('ann')::uuid, md5('friend')::uuid), (md5('friend')::uuid, md5('ann')::uuid);

create function pg_temp.takes(p_name text, p_choice text) returns void language sql security definer as $$
  insert into private.preferences (user_id, direct_from) values (md5(p_name)::uuid, p_choice)
  on conflict (user_id) do update set direct_from = excluded.direct_from
$$;
create function pg_temp.opens(p_one text, p_other text) returns text language sql as $$
  select pg_temp.become(p_one);
  select pg_temp.refused_field(format('select open_direct(%L)', md5(p_other)::uuid))
$$;

-- Whom one may begin to write to.
select pg_temp.takes('ann', 'friends');
select is(pg_temp.opens('bob', 'ann'), 'PT403 missing_permission p_user_id', 'who takes messages of friends takes none of members');
select is(pg_temp.opens('friend', 'ann'), 'none', 'but of friends');
reset role;
select pg_temp.takes('friend', 'nobody');
delete from private.direct_channels where id = pg_temp.pair('ann', 'friend');
select is(pg_temp.opens('ann', 'friend'), 'PT403 missing_permission p_user_id', 'who takes none takes none of friends either');
select is(pg_temp.opens('ann', 'bob'), 'none', 'who takes none of somebody may write to them');

-- Who begins a conversation is answered.
select pg_temp.become('bob');
select is(can_send_in_channel(pg_temp.pair('ann', 'bob')), true, 'whoever began a conversation is answered');
select pg_temp.become('friend');
select open_direct(md5('ann')::uuid);
reset role;
select pg_temp.takes('ann', 'nobody');
select pg_temp.become('friend');
select is(can_send_in_channel(pg_temp.pair('ann', 'friend')), false, 'whoever takes none any more is not written to');
select is(pg_temp.refused_permission($$ select send_message(pg_temp.pair('ann', 'friend'), 'x') $$), 'PT403 missing_permission send_messages', 'which is said');
select is(pg_temp.refused_permission($$ select start_typing(pg_temp.pair('ann', 'friend')) $$), 'PT403 missing_permission send_messages', 'nor told that somebody writes');
select lives_ok($$ select list_messages(pg_temp.pair('ann', 'friend')) $$, 'what was said stays to be read');
select is((open_direct(md5('ann')::uuid)).id, pg_temp.pair('ann', 'friend'), 'and is found');
select is(pg_temp.refusal($$ select private.direct_permissions(pg_temp.pair('ann', 'friend')) $$), '42501', 'the gate itself is no API');
select pg_temp.become('ann');
select is(can_send_in_channel(pg_temp.pair('ann', 'friend')), true, 'whoever was written to may answer');

-- Who shares nothing any more.
reset role;
select pg_temp.takes('bob', 'members');
select pg_temp.takes('ann', 'members');
select pg_temp.become('bob');
select send_message(pg_temp.pair('ann', 'bob'), 'hello');
select leave_community(pg_temp.community());
select is(can_send_in_channel(pg_temp.pair('ann', 'bob')), true, 'who has left answers whoever began');
select pg_temp.become('ann');
select is(can_send_in_channel(pg_temp.pair('ann', 'bob')), false, 'and is not written to any more');
select is((open_direct(md5('bob')::uuid)).id, pg_temp.pair('ann', 'bob'), 'what there was is found');
select is((select count(*) from list_messages(pg_temp.pair('ann', 'bob'))), 1::bigint, 'and read');

-- A group.
select is(pg_temp.refused_field($$ select open_group(array[md5('bob')::uuid]) $$), 'PT404 not_found p_user_ids', 'nobody is drawn into a group who may not be written to');
select is(pg_temp.refused_field($$ select open_group(array[md5('friend')::uuid]) $$), 'PT403 missing_permission p_user_ids', 'nor who takes no messages');
reset role;
select pg_temp.takes('friend', 'friends');
select pg_temp.become('ann');
select is((open_group(array[md5('friend')::uuid], 'us')).name, 'us', 'a friend is');

select * from finish();
rollback;
