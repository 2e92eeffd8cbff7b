begin;
select plan(14);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'zoe', 'silent');


select pg_temp.become('zoe');
select create_community('Zig');
select create_invite((select id from my_communities()));
select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.hosts', (create_role(pg_temp.community(), 'hosts', '{manage_invites}')).id::text, true);
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'silent']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5(name)::uuid, current_setting('test.hosts')::uuid) from unnest(array['max', 'silent']) as name;
select timeout_member(pg_temp.community(), md5('silent')::uuid, now() + interval '1 hour');
select pg_temp.become('bob');
select create_invite(pg_temp.community());
reset role;
-- Two made at the same time, one before, one after; and two that let nobody in any more.
insert into public.invites (community_id, code, creator_id, uses, max_uses, expires_at, created_at)
select pg_temp.community(), i.code, md5('ann')::uuid, i.uses, i.max_uses, i.expires_at, now() + i.age
from (values
  ('new', 0, null, null::timestamptz, interval '2 seconds'), ('twin b', 4, 5, now() + interval '1 hour', '1 second'),
  ('twin a', 0, null, null, '1 second'), ('used up', 5, 5, null, '3 seconds'), ('ended', 0, null, now(), '3 seconds')
) as i (code, uses, max_uses, expires_at, age);
update public.invites set code = 'of bob' where creator_id = md5('bob')::uuid;

select pg_temp.become('max');
select is(array(select code from list_invites(pg_temp.community())), array['new', 'twin b', 'twin a', 'of bob'], 'invites that let in are listed, the newest first');
select is(array(select code from list_invites(pg_temp.community(), p_limit => 2)), array['new', 'twin b'], 'page by page');
select results_eq(
  $$ select creator_id, uses, max_uses from list_invites(pg_temp.community()) where code = 'twin b' $$, $$ select md5('ann')::uuid, 4, 5 $$,
  'with whose they are and how many came by them'
);
reset role;
delete from public.invites where code = 'twin b';
select pg_temp.become('max');
select is(
  array(select code from list_invites(pg_temp.community(), now() + interval '1 second', 'twin b', 1)), array['twin a'],
  'each page goes on after the last, also when that one is gone by then'
);
select is(array(select code from list_invites(pg_temp.community(), now() + interval '1 second', 'twin a')), array['of bob'], 'to the end');
select is(pg_temp.refused_field('select list_invites(pg_temp.community(), p_limit => 0)'), 'PT422 invalid_argument p_limit', 'no page is empty');
select is(pg_temp.refused_field('select list_invites(pg_temp.community(), p_limit => 101)'), 'PT422 invalid_argument p_limit', 'nor longer than 100');
select is(pg_temp.refused_field('select list_invites(pg_temp.community(), now())'), 'PT422 invalid_argument p_before_code', 'a time alone is no place to go on from');
select is(pg_temp.refused_field('select list_invites(pg_temp.community(), null, ''new'')'), 'PT422 invalid_argument p_before_code', 'nor is a code alone');

select pg_temp.become('bob');
select is(pg_temp.refused_field('select list_invites(pg_temp.community())'), 'PT403 missing_permission', 'a member without the right lists none');
select is(array(select code from public.invites), array['of bob'], 'and reads only their own');
select pg_temp.become('silent');
select is(pg_temp.refused_field('select list_invites(pg_temp.community())'), 'PT403 timed_out', 'who is timed out lists none');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select list_invites(pg_temp.community())'), 'PT404 not_found p_community_id', 'nor does the owner of another community');
reset role;
delete from public.community_members where user_id = md5('max')::uuid;
select pg_temp.become('max');
select is(pg_temp.refused_field('select list_invites(pg_temp.community())'), 'PT404 not_found p_community_id', 'nor does who has left');

select * from finish();
rollback;
