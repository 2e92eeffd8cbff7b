begin;
select plan(15);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'outsider');

-- bob is an administrator with an overwrite of his own; cleo is a member.
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo']) as name;
select pg_temp.become('ann');
select set_config('test.admins', (create_role(pg_temp.community(), 'admins', '{administrator}')).id::text, true);
select set_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid, p_deny => '{send_messages}');

select is(pg_temp.refused_field($$ select transfer_ownership(pg_temp.community(), md5('ann')::uuid) $$), 'PT422 invalid_argument p_new_owner_id', 'an owner cannot hand over to herself');
select is(pg_temp.refused_field($$ select transfer_ownership(pg_temp.community(), md5('outsider')::uuid) $$), 'PT404 not_found p_new_owner_id', 'nor to somebody who is no member');
select is(pg_temp.refused_field($$ select transfer_ownership(pg_temp.community(), null) $$), 'PT404 not_found p_new_owner_id', 'nor to nobody');
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select transfer_ownership(pg_temp.community(), md5('bob')::uuid) $$), 'PT403 role_hierarchy', 'nobody takes a community');
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('bob')::uuid, current_setting('test.admins')::uuid);
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select transfer_ownership(pg_temp.community(), md5('cleo')::uuid) $$), 'PT403 role_hierarchy', 'not even an administrator');

-- To bob, whose overwrite gives him a class of his own before and after.
select pg_temp.become('ann');
select revoke_role(pg_temp.community(), md5('bob')::uuid, current_setting('test.admins')::uuid);
select is((transfer_ownership(pg_temp.community(), md5('bob')::uuid)).owner_id, md5('bob')::uuid, 'an owner hands over to a member');
select is(pg_temp.refused_field($$ select transfer_ownership(pg_temp.community(), md5('cleo')::uuid) $$), 'PT403 role_hierarchy', 'and is no owner any more');
select ok(not user_has_permission(pg_temp.community(), 'administrator'), 'nor holds what an owner holds');
select ok(user_has_permission(pg_temp.community(), 'create_invite'), 'but is a member');
select pg_temp.become('bob');
select ok(user_has_permission(pg_temp.community(), 'administrator'), 'the new owner holds everything');
select ok(can_send_in_channel(pg_temp.channel()), 'whatever an overwrite says');
select transfer_ownership(pg_temp.community(), md5('cleo')::uuid);
select ok(not user_has_permission(pg_temp.community(), 'administrator'), 'who hands it on holds it no longer');
select ok(not can_send_in_channel(pg_temp.channel()), 'and is stopped by the overwrite again');

reset role;
select is((select owner_id from public.communities where id = pg_temp.community()), md5('cleo')::uuid, 'there is one owner');
select results_eq(
  $$ select actor_id, target_id from public.audit_log where community_id = pg_temp.community() and action = 'ownership_transferred' order by number $$,
  $$ values (md5('ann')::uuid, md5('bob')::uuid::text), (md5('bob')::uuid, md5('cleo')::uuid::text) $$,
  'the log tells who handed over to whom'
);

select * from finish();
rollback;
