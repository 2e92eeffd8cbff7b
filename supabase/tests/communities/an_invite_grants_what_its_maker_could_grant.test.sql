begin;
select plan(12);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'cleo', 'dora');

select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'helpers', '{pin_messages}');
select create_role(pg_temp.community(), 'managers', '{manage_roles,pin_messages,manage_invites}');
select move_role(pg_temp.role('managers'), 2);
reset role;
select private.add_member(pg_temp.community(), md5('max')::uuid);
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));
select pg_temp.become('max');
select set_config('test.code', (create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role('helpers')])).code, true);

select pg_temp.become('bob');
select is(preview_invite(current_setting('test.code')) ->> 'name', 'Rust', 'whoever has the code sees where it leads');
select is((select count(*) from my_communities()), 0::bigint, 'without joining');
select redeem_invite(current_setting('test.code'));
select is(my_permissions(pg_temp.community()) @> '{pin_messages}', true, 'whoever joins by it holds its role');
select results_eq(
  $$ select invited_by, invite_code from list_members(pg_temp.community()) where user_id = md5('bob')::uuid $$, $$ values (null::uuid, null::text) $$, 'who invited them is not for everybody'
);
reset role;
select results_eq(
  $$ select actor_id, target_id, before, after from public.audit_log where community_id = pg_temp.community() and action = 'member_roles_changed' order by number desc limit 1 $$,
  $$ select md5('bob')::uuid, md5('bob')::uuid::text, '{"roles": {}}'::jsonb,
       jsonb_build_object('roles', jsonb_build_object(pg_temp.role('helpers'), null), 'invited_by', md5('max')::uuid) $$,
  'which stands in the log, with who answers for it'
);
select pg_temp.become('max');
select results_eq(
  $$ select invited_by, invite_code from list_members(pg_temp.community()) where user_id = md5('bob')::uuid $$,
  $$ select md5('max')::uuid, current_setting('test.code') $$, 'but for who manages invites'
);

-- max is a manager no longer: the code still lets in, and grants nothing.
select pg_temp.become('ann');
select revoke_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));
select pg_temp.become('cleo');
select redeem_invite(current_setting('test.code'));
select is(my_permissions(pg_temp.community()) @> '{pin_messages}', false, 'an invite grants nothing that its maker could not grant any more');
select ok(can_view_channel(pg_temp.channel()), 'but lets in');
reset role;
select is_empty($$ select from public.audit_log where target_id = md5('cleo')::uuid::text $$, 'and there is nothing to log');

-- Revoking.
select is(pg_temp.refusal($$ select revoke_invite(current_setting('test.code')) $$), 'PT403 missing_permission', 'others'' invites are not for everybody to revoke');
select pg_temp.become('max');
select is(pg_temp.refusal($$ select revoke_invite(current_setting('test.code'), 'a leak') $$), 'none', 'one''s own are');
select pg_temp.become('dora');
select is(redeem_invite(current_setting('test.code')) ->> 'code', 'PT404', 'a revoked code is none');

select * from finish();
rollback;
