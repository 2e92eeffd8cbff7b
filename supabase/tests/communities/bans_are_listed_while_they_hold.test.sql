begin;
select plan(29);
\ir ../shared.psql

insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com'
from unnest(array['ann', 'max', 'bob', 'silent', 'zoe', 'u1', 'u2', 'u3', 'u4', 'u5']) as name;

-- max may ban; silent may too and is timed out; bob may not; zoe owns another community.
select pg_temp.become('zoe');
select create_community('Zig');
select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.guards', (create_role(pg_temp.community(), 'guards', '{ban_members}')).id::text, true);
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'silent', 'u1']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5(name)::uuid, current_setting('test.guards')::uuid) from unnest(array['max', 'silent']) as name;
select timeout_member(pg_temp.community(), md5('silent')::uuid, now() + interval '1 hour');
select pg_temp.become('max');
select ban_member(pg_temp.community(), md5('u1')::uuid, ' spam ');
select ban_member(pg_temp.community(), md5('u2')::uuid);
select ban_member(pg_temp.community(), md5('u3')::uuid, p_expires_at => now() + interval '1 hour');
select ban_member(pg_temp.community(), md5('u4')::uuid);
select ban_member(pg_temp.community(), md5('u5')::uuid);
-- A clock of a millisecond's grain gives two of them the same time.
reset role;
update public.bans b set created_at = now() - interval '1 minute' + n * interval '1 second'
from generate_series(1, 5) as n where b.user_id = md5('u' || n)::uuid;
select pg_temp.become('max');

create function pg_temp.names(p_sql text) returns text language plpgsql as $$
declare
  v_names text;
begin
  execute 'select string_agg(n, '' '' order by l.created_at desc) from ' || p_sql || ' l join unnest(array[''u1'', ''u2'', ''u3'', ''u4'', ''u5'']) as n on md5(n)::uuid = l.user_id' into v_names;
  return v_names;
end
$$;
create temp table last_seen as
select created_at, user_id from list_bans(pg_temp.community(), p_limit => 2) order by created_at limit 1;

select is(pg_temp.names('list_bans(pg_temp.community())'), 'u5 u4 u3 u2 u1', 'bans are listed, the newest first');
select is(pg_temp.names('list_bans(pg_temp.community(), p_limit => 2)'), 'u5 u4', 'page by page');
select unban_member(pg_temp.community(), md5('u4')::uuid, p_reason => ' a mistake ');
select is(
  pg_temp.names(format('list_bans(pg_temp.community(), %L, %L, 2)', (select created_at from last_seen), (select user_id from last_seen))), 'u3 u2',
  'each going on after the last, also when that one is gone by then'
);
select results_eq(
  $$ select actor_id, reason from list_bans(pg_temp.community()) where user_id = md5('u1')::uuid $$, $$ select md5('max')::uuid, 'spam' $$,
  'with who banned and why'
);
select is(pg_temp.refused_field('select list_bans(pg_temp.community(), p_limit => 0)'), 'PT422 invalid_argument p_limit', 'no page is empty');
select is(pg_temp.refused_field('select list_bans(pg_temp.community(), p_limit => 101)'), 'PT422 invalid_argument p_limit', 'nor longer than 100');
select is(pg_temp.refused_field('select list_bans(pg_temp.community(), now())'), 'PT422 invalid_argument p_before_user_id', 'a time alone is no place to go on from');
select is(
  pg_temp.refused_field('select list_bans(pg_temp.community(), null, md5(''u1'')::uuid)'), 'PT422 invalid_argument p_before_user_id', 'nor is a user alone'
);

reset role;
select is((select reason from public.audit_log where community_id = pg_temp.community() and action = 'member_unbanned'), 'a mistake', 'why a ban ended stands in the log');

-- Who may not.
select pg_temp.become('bob');
select is(pg_temp.refused_field('select list_bans(pg_temp.community())'), 'PT403 missing_permission', 'a member without the right reads no ban');
select is((select count(*) from public.bans), 0::bigint, 'from the table either');
select pg_temp.become('silent');
select is(pg_temp.refused_field('select list_bans(pg_temp.community())'), 'PT403 timed_out', 'nor does who is timed out');
select is((select count(*) from public.bans), 0::bigint, 'from the table either');
select pg_temp.become('u1');
select is(pg_temp.refused_field('select list_bans(pg_temp.community())'), 'PT404 not_found p_community_id', 'nor who is banned');
select is((select count(*) from public.bans), 0::bigint, 'not even their own');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select list_bans(pg_temp.community())'), 'PT404 not_found p_community_id', 'nor the owner of another community');
select is(pg_temp.refused_field('select unban_member(pg_temp.community(), md5(''u1'')::uuid)'), 'PT404 not_found p_community_id', 'who ends none of them');

-- A ban past its end is none, before the sweep as after it.
reset role;
update public.bans set expires_at = now() - interval '1 second' where user_id = md5('u3')::uuid;
select pg_temp.become('max');
select is(pg_temp.names('list_bans(pg_temp.community())'), 'u5 u2 u1', 'a ban past its end is not listed');
select is(pg_temp.names('public.bans'), 'u5 u2 u1', 'nor read from the table');
select is(pg_temp.refused_field('select unban_member(pg_temp.community(), md5(''u3'')::uuid)'), 'PT404 not_found p_user_id', 'nor is there anything to end');
select is((select count(*) from list_bans(pg_temp.community()) where user_id = md5('u3')::uuid), 0::bigint, 'so nothing has changed');
select lives_ok('select ban_member(pg_temp.community(), md5(''u3'')::uuid, ''once more'')', 'a new one takes its place');
select is(pg_temp.names('list_bans(pg_temp.community())'), 'u3 u5 u2 u1', 'and is the newest');
select is((ban_member(pg_temp.community(), md5('u2')::uuid, 'worse', now() + interval '1 day')).reason, 'worse', 'who is banned can be banned again');
select is((select count(*) from list_bans(pg_temp.community()) where user_id = md5('u2')::uuid), 1::bigint, 'by one ban in place of the other');

-- The sweep takes what has ended, and nothing else.
reset role;
update public.bans set expires_at = now() - interval '1 second' where user_id = md5('u2')::uuid;
-- As many as there may be of others.
select private.sweep_communities(1000000);
select set_eq(
  $$ select n from unnest(array['u1', 'u2', 'u3', 'u4', 'u5']) as n join public.bans b on b.user_id = md5(n)::uuid $$, $$ values ('u1'), ('u3'), ('u5') $$,
  'the sweep removes bans that have ended'
);

-- One row each in the log.
select is(
  (select count(*) from public.audit_log where community_id = pg_temp.community() and action = 'member_banned'), 7::bigint, 'each ban stands in the log, once'
);
select results_eq(
  $$ select before ->> 'was_member', reason from public.audit_log where community_id = pg_temp.community() and action = 'member_banned' order by number limit 2 $$,
  $$ values ('true', 'spam'), ('false', null) $$, 'with what it ended and why'
);
select is_empty(
  $$ select from public.audit_log where community_id = pg_temp.community() and action = 'member_unbanned' and target_id <> md5('u4')::uuid::text $$,
  'and what was refused does not'
);

select * from finish();
rollback;
