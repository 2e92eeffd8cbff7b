begin;
select plan(30);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo');

create function pg_temp.may_receive(p_topic text) returns boolean language plpgsql as $$
begin
  perform set_config('realtime.topic', p_topic, true);
  return exists (select from realtime.messages m where m.topic = p_topic and m.extension = 'broadcast');
end
$$;

-- ann owns the community; bob and cleo are members; bob holds a role, has overwrites of his own and made an invite.
select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select send_message(pg_temp.channel(), 'hello');
select pg_temp.become('bob');
select redeem_invite(current_setting('test.code'));
select create_invite(pg_temp.community());
select pg_temp.become('cleo');
select redeem_invite(current_setting('test.code'));
reset role;
insert into public.roles (community_id, id, name, position, permissions)
values (pg_temp.community(), 'd0000000-0000-4000-8000-000000000001', 'admins', 1, private.permission_mask('administrator'));
insert into public.member_roles (community_id, user_id, role_id) values (pg_temp.community(), md5('bob')::uuid, 'd0000000-0000-4000-8000-000000000001');
insert into public.channel_overwrites (community_id, channel_id, user_id, allow)
values (pg_temp.community(), pg_temp.channel(), md5('bob')::uuid, private.permission_mask('manage_messages'));
select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.user_id = md5('bob')::uuid group by m.community_id;
select set_config('test.old_community_topic', private.community_topic(pg_temp.community()), true);
select set_config('test.old_channel_topic', private.channel_topic(pg_temp.channel()), true);
insert into realtime.messages (topic, extension)
values (current_setting('test.old_channel_topic'), 'broadcast'), (current_setting('test.old_community_topic'), 'broadcast');

select pg_temp.become('bob');
select ok(
  pg_temp.may_receive(current_setting('test.old_community_topic')) and pg_temp.may_receive(current_setting('test.old_channel_topic')), 'before leaving bob hears the community'
);
select is((select count(*) from public.messages), 1::bigint, 'and reads it');

select pg_temp.become('ann');
select is(pg_temp.refusal('select leave_community(pg_temp.community())'), 'PT409 conflict', 'the owner cannot leave');
select is((select count(*) from my_communities()), 1::bigint, 'and is still a member');
reset role;
select is(
  private.community_topic(pg_temp.community()), current_setting('test.old_community_topic'), 'a refused leave moves no topic'
);

select pg_temp.become('bob');
select is(pg_temp.refusal('select leave_community(pg_temp.community())'), 'none', 'a member can');
select is(pg_temp.refusal('select leave_community(pg_temp.community())'), 'PT404 not_found', 'but only once');

-- Nothing is left, by any way.
select is_empty('select * from my_communities()', 'the community is not listed any more');
select is(pg_temp.refusal('select list_channels(pg_temp.community())'), 'PT404 not_found', 'its channels are not found');
select is(pg_temp.refusal('select list_messages(pg_temp.channel())'), 'PT404 not_found', 'nor its messages');
select is(pg_temp.refusal('select sync_channel(pg_temp.channel(), 0)'), 'PT404 not_found', 'nor its feed');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''still here'')'), 'PT404 not_found', 'nothing can be sent');
select is(pg_temp.refusal('select create_channel(pg_temp.community(), ''mine'')'), 'PT404 not_found', 'an administrator''s rights are gone too');
select is(pg_temp.refusal('select create_invite(pg_temp.community())'), 'PT404 not_found', 'no invite can be made');
select is(
  (select count(*) from public.communities) + (select count(*) from public.channels) + (select count(*) from public.channel_groups)
    + (select count(*) from public.messages) + (select count(*) from public.invites) + (select count(channel_id) from public.channel_overwrites),
  0::bigint, 'no table shows anything of it, one''s own invite included'
);
select is(
  (select count(user_id) from public.community_members) + (select count(*) from public.member_roles) + (select count(id) from public.roles),
  0::bigint, 'nor who is there'
);
select results_eq('select id from public.profiles', $$ select md5('bob')::uuid $$, 'nor their profiles');

-- Open sockets.
reset role;
insert into realtime.messages (topic, extension)
values (private.community_topic(pg_temp.community()), 'broadcast'), (private.channel_topic(pg_temp.channel()), 'broadcast');
select set_config('test.new_community_topic', private.community_topic(pg_temp.community()), true);
select set_config('test.new_channel_topic', private.channel_topic(pg_temp.channel()), true);
select isnt(current_setting('test.new_community_topic'), current_setting('test.old_community_topic'), 'the community''s topic has a new name');
select isnt(current_setting('test.new_channel_topic'), current_setting('test.old_channel_topic'), 'and its channels'' topics have');
select pg_temp.become('bob');
select ok(
  not pg_temp.may_receive(current_setting('test.new_community_topic')) and not pg_temp.may_receive(current_setting('test.new_channel_topic')), 'which are closed to whoever left'
);
select pg_temp.become('cleo');
select ok(
  pg_temp.may_receive(current_setting('test.new_community_topic')) and pg_temp.may_receive(current_setting('test.new_channel_topic')), 'and open to who stayed'
);
select ok(
  not pg_temp.may_receive(current_setting('test.old_community_topic')) and not pg_temp.may_receive(current_setting('test.old_channel_topic')), 'the old names are closed to everybody'
);
select is(sync_channel(pg_temp.channel()) ->> 'topic', current_setting('test.new_channel_topic'), 'sync_channel tells the new names');
select is(sync_channel(pg_temp.channel()) ->> 'community_topic', current_setting('test.new_community_topic'), 'both of them');
select lives_ok('select send_message(pg_temp.channel(), ''after'')', 'something is sent afterwards');

reset role;
select is(
  (select count(*) from broadcasts where topic = current_setting('test.old_community_topic') and event = 'moved'
     and payload - 'id' = jsonb_build_object('community_id', pg_temp.community(), 'left', jsonb_build_array(md5('bob')::uuid))),
  1::bigint, 'the old name heard moved, and who left'
);
-- In one transaction all rows have the same time; what came after the move is known by its event.
select is_empty(
  $$ select topic, event from realtime.messages
     where (topic = current_setting('test.old_channel_topic') and payload -> 'message' ->> 'body' = 'after')
        or (topic = current_setting('test.new_community_topic') and event = 'moved') $$,
  'and nothing after it; the new name did not hear it'
);
select results_eq(
  $$ select payload - 'id' from broadcasts where topic = 'user:' || md5('bob')::uuid and payload ->> 'kind' = 'left' $$,
  $$ select jsonb_build_object('community_id', pg_temp.community(), 'kind', 'left') $$,
  'so does the one who left, on every device'
);

-- Coming back.
select pg_temp.become('bob');
select lives_ok($$ select redeem_invite(current_setting('test.code')) $$, 'whoever left may come back by an invite');
select is(
  pg_temp.refusal('select create_channel(pg_temp.community(), ''mine'')'), 'PT403 missing_permission', 'without the roles and overwrites of before'
);

select * from finish();
rollback;
