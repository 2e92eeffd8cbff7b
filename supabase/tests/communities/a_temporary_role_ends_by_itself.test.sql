begin;
select plan(16);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

-- bob holds a role for an hour; it opens a channel that is closed to everybody else.
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'staff');
select create_role(pg_temp.community(), 'staff', '{kick_members}');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('staff'), '{view_channel}');
select send_message(pg_temp.channel('staff'), 'secret');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('bob')::uuid, pg_temp.role('staff'), now() + interval '1 hour');
select grant_role(pg_temp.community(), md5('bob')::uuid, pg_temp.role('staff'), now() + interval '2 hours');
select grant_role(pg_temp.community(), md5('bob')::uuid, pg_temp.role('staff'), now() + interval '2 hours');
reset role;
select is(
  (select count(*) from public.audit_log where community_id = pg_temp.community() and action = 'member_roles_changed'), 2::bigint, 'a new end is a change, the same end is none'
);
select results_eq(
  $$ select (before -> 'roles' ->> pg_temp.role('staff')::text)::timestamptz, (after -> 'roles' ->> pg_temp.role('staff')::text)::timestamptz
     from public.audit_log where community_id = pg_temp.community() and action = 'member_roles_changed' order by number desc limit 1 $$,
  $$ select now() + interval '1 hour', now() + interval '2 hours' $$, 'the log has the old end and the new'
);
select pg_temp.become('ann');
select set_config('test.topic', sync_channel(pg_temp.channel('staff')) ->> 'topic', true);
select pg_temp.become('bob');
select ok(user_has_permission(pg_temp.community(), 'kick_members'), 'until its end it gives what it gives');
select is((select count(*) from public.messages), 1::bigint, 'also what only its overwrite opens');
select is((select role_ids from list_members(pg_temp.community()) where user_id = md5('bob')::uuid), array[pg_temp.role('staff')], 'and is listed');

-- The hour is over, and no sweep has come yet.
reset role;
update public.member_roles set expires_at = now() where community_id = pg_temp.community();
update public.community_members set access_expires_at = '1999-01-01' where community_id = pg_temp.community() and access_expires_at is not null;
select pg_temp.become('bob');
select ok(not user_has_permission(pg_temp.community(), 'kick_members'), 'at its end the right is gone at once');
select is(pg_temp.refusal('select kick_member(pg_temp.community(), md5(''ann'')::uuid)'), 'PT403 missing_permission', 'at every gate');
select is(pg_temp.refusal('select list_messages(pg_temp.channel(''staff''))'), 'PT404 not_found', 'the channel is not found');
select is((select count(*) from public.messages), 0::bigint, 'its messages are not read');
select is_empty($$ select * from list_channels(pg_temp.community()) where name = 'staff' $$, 'nor is it listed');
select is((select role_ids from list_members(pg_temp.community()) where user_id = md5('bob')::uuid), '{}', 'nor is the role');
select ok(can_view_channel(pg_temp.channel()), 'the other channels stay');

-- The sweep.
reset role;
select is(private.channel_topic(pg_temp.channel('staff')), current_setting('test.topic'), 'until the sweep the topic keeps its name');
-- Of one: who has waited longest. Others may wait, too.
select private.sweep_access(1);
select isnt(private.channel_topic(pg_temp.channel('staff')), current_setting('test.topic'), 'then it gets a new one');
select results_eq(
  $$ select payload - 'id' from broadcasts where event = 'members_updated' and payload ->> 'community_id' = pg_temp.community()::text $$,
  $$ select jsonb_build_object('community_id', pg_temp.community(), 'user_ids', jsonb_build_array(md5('bob')::uuid), 'moved', jsonb_build_array(pg_temp.channel('staff'))) $$,
  'which is told once'
);
select private.sweep_access(1);
select is((select count(*) from broadcasts where event = 'members_updated' and payload ->> 'community_id' = pg_temp.community()::text), 1::bigint, 'and not again');

select * from finish();
rollback;
