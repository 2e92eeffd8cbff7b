begin;
select plan(24);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'dora', 'outsider');

select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'helpers');
reset role;
update public.profiles set display_name = initcap(n), username = n from unnest(array['ann', 'bob', 'cleo', 'dora']) as n where id = md5(n)::uuid;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['dora', 'bob', 'cleo']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5(name)::uuid, pg_temp.role('helpers')) from unnest(array['bob', 'dora']) as name;

create function pg_temp.names(p_sql text) returns text language plpgsql as $$
declare
  v_names text;
begin
  execute 'select string_agg(sort_name, '' '') from ' || p_sql into v_names;
  return v_names;
end
$$;
select is(pg_temp.names('list_members(pg_temp.community())'), 'ann bob cleo dora', 'members come in the order of their names');
select is(pg_temp.names('list_members(pg_temp.community(), p_limit => 2)'), 'ann bob', 'page by page');
select is(
  pg_temp.names('list_members(pg_temp.community(), p_after_name => ''bob'', p_after_user_id => md5(''bob'')::uuid, p_limit => 2)'), 'cleo dora', 'each going on after the last'
);
select is(pg_temp.names('list_members(pg_temp.community(), pg_temp.role(''helpers''))'), 'bob dora', 'by role');
select is(pg_temp.names('list_members(pg_temp.community(), pg_temp.role(''everyone''))'), 'ann bob cleo dora', 'of which the default role is everybody''s');
select is(pg_temp.names('list_members(pg_temp.community(), p_query => '' CL'')'), 'cleo', 'by the beginning of the name, in whatever case');
select is(pg_temp.names('list_members(pg_temp.community(), p_query => ''%'')'), null, 'taken word for word');

select pg_temp.become('bob');
select update_my_membership(pg_temp.community(), 'Zaphod');
select is(pg_temp.names('list_members(pg_temp.community())'), 'ann cleo dora zaphod', 'a nickname stands before the name');
select is(pg_temp.refusal($$ select update_my_membership(pg_temp.community(), ' ') $$), 'PT422 invalid_argument', 'one that shows nothing is refused');
select update_my_membership(pg_temp.community(), null);
select is(pg_temp.names('list_members(pg_temp.community())'), 'ann bob cleo dora', 'without one it is the name again');
reset role;
update public.profiles set display_name = 'Yan' where id = md5('ann')::uuid;
select pg_temp.become('bob');
select is(pg_temp.names('list_members(pg_temp.community())'), 'bob cleo dora yan', 'and a new name is listed everywhere');
select pg_temp.become('outsider');
select is(pg_temp.refusal('select list_members(pg_temp.community())'), 'PT404 not_found', 'strangers see no list');

-- By role and name at once, page by page.
select pg_temp.become('ann');
select is(pg_temp.names('list_members(pg_temp.community(), pg_temp.role(''helpers''), ''D'')'), 'dora', 'by role and name');
select is(pg_temp.names('list_members(pg_temp.community(), pg_temp.role(''helpers''), p_limit => 1)'), 'bob', 'a role''s pages');
select is(
  pg_temp.names('list_members(pg_temp.community(), pg_temp.role(''helpers''), null, ''bob'', md5(''bob'')::uuid, 1)'), 'dora', 'go on after the last, too'
);

-- What has ended is not told, before the sweep as after it.
select results_eq(
  $$ select role_ids from list_members(pg_temp.community()) where user_id = md5('bob')::uuid $$, $$ select array[pg_temp.role('helpers')] $$, 'members come with their roles'
);
reset role;
update public.member_roles set expires_at = now() - interval '1 second' where user_id = md5('bob')::uuid;
update public.community_members set timed_out_until = now() - interval '1 second' where user_id = md5('bob')::uuid;
update public.community_members set timed_out_until = now() + interval '1 hour' where user_id = md5('cleo')::uuid;
select pg_temp.become('ann');
select is(pg_temp.names('list_members(pg_temp.community(), pg_temp.role(''helpers''))'), 'dora', 'a grant that has ended finds nobody');
select results_eq(
  $$ select user_id, role_ids, timed_out_until from list_members(pg_temp.community()) where user_id in (md5('bob')::uuid, md5('cleo')::uuid) order by sort_name $$,
  $$ values (md5('bob')::uuid, '{}'::uuid[], null::timestamptz), (md5('cleo')::uuid, '{}', now() + interval '1 hour') $$,
  'nor is it shown, nor a timeout that is past'
);

-- Who came by which invite is for those who manage invites.
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select pg_temp.become('outsider');
select redeem_invite(current_setting('test.code'));
select is(
  (select array[invited_by::text, invite_code] from list_members(pg_temp.community()) where user_id = md5('outsider')::uuid), array[null, null]::text[],
  'by which invite somebody came is nothing for everybody'
);
select pg_temp.become('ann');
select is(
  (select array[invited_by::text, invite_code] from list_members(pg_temp.community()) where user_id = md5('outsider')::uuid),
  array[md5('ann')::uuid::text, current_setting('test.code')], 'who may manage invites reads it'
);

-- Nicknames.
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select update_my_membership(pg_temp.community(), e'Bob\u202e') $$), 'PT422 invalid_argument', 'a nickname that turns the text after it is refused');
select lives_ok($$ select update_my_membership(pg_temp.community(), repeat('é', 32)) $$, 'one of 32 characters is taken');
select update_my_membership(pg_temp.community(), repeat('é', 32));
reset role;
select is(
  (select count(*) from broadcasts where topic = private.community_topic(pg_temp.community()) and event = 'member_updated'
     and payload ->> 'user_id' = md5('bob')::uuid::text),
  4::bigint, 'each change is one event, a nickname that stays is none, and what is refused is none'
);
select is((select count(*) from public.audit_log where actor_id = md5('bob')::uuid), 0::bigint, 'and one''s own name is nothing for the log');

select * from finish();
rollback;
