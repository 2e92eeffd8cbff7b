begin;
select plan(38);
\ir ../shared.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'reviewer', 'admin');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo']) as name;
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'hello');
select pg_temp.become('cleo');
select report_message(pg_temp.channel(), 1, 'spam', 'between you and me');

-- Appointing.
select is(pg_temp.refusal(format('select grant_staff_role(%L, ''admin'')', md5('cleo')::uuid)), '42501', 'nobody makes themselves staff');
select is(pg_temp.refusal(format('select private.grant_staff_role(%L, ''admin'')', md5('cleo')::uuid)), '42501', 'also behind the public function');
set local role service_role;
select lives_ok(format('select grant_staff_role(%L, ''reviewer'')', md5('reviewer')::uuid), 'the secret key makes somebody a reviewer');
select lives_ok(format('select grant_staff_role(%L, ''reviewer'')', md5('admin')::uuid), 'and another');
select lives_ok(format('select grant_staff_role(%L, ''admin'')', md5('admin')::uuid), 'and that one an admin');
select is(
  array(select pg_temp.refused_field(format('select grant_staff_role(%L, %L)', md5('bob')::uuid, role)) from unnest(array['owner', '', null]) as role),
  array['PT422 invalid_argument p_role', 'PT422 invalid_argument p_role', 'PT422 invalid_argument p_role'], 'and nobody anything else'
);
select is(pg_temp.refused_field('select grant_staff_role(gen_random_uuid(), ''admin'')'), 'PT404 not_found p_user_id', 'nor somebody who is not there');
select is(pg_temp.refused_field('select grant_staff_role(null, ''admin'')'), 'PT404 not_found p_user_id', 'nor null');
select pg_temp.become('admin');
select is(pg_temp.refusal(format('select grant_staff_role(%L, ''admin'')', md5('cleo')::uuid)), '42501', 'an admin appoints nobody either');
select is(pg_temp.refusal(format('select revoke_staff_role(%L)', md5('reviewer')::uuid)), '42501', 'nor dismisses anybody');

-- What staff are told, and nobody else.
select is(my_staff_role(), 'admin', 'one is told what one is');
select is(
  array(select array[s.user_id::text, s.role] from list_staff() s where s.user_id in (md5('admin')::uuid, md5('reviewer')::uuid) order by s.role),
  array[array[md5('admin')::uuid::text, 'admin'], array[md5('reviewer')::uuid::text, 'reviewer']], 'staff see who the staff is'
);
select is((select r.reporter_id from pg_temp.listed() r where r.id = pg_temp.report_of('cleo')), md5('cleo')::uuid, 'an admin is told who made a report');
select is(get_report(pg_temp.report_of('cleo')) #>> '{report,reporter_id}', md5('cleo')::uuid::text, 'also when it is opened');
select is(get_report(pg_temp.report_of('cleo')) #>> '{events,0,actor_id}', md5('cleo')::uuid::text, 'and in its history');
select pg_temp.become('reviewer');
select is(my_staff_role(), 'reviewer', 'a reviewer is one');
select ok(pg_temp.lists('cleo'), 'a reviewer finds the report');
select is(pg_temp.opens('cleo'), 'none', 'and opens it');
select unalike(get_report(pg_temp.report_of('cleo'))::text, '%' || md5('cleo')::uuid || '%', 'and is not told who made it');
select unalike((select string_agg(r::text, ' ') from pg_temp.listed() r), '%' || md5('cleo')::uuid || '%', 'in lists neither');
select is(get_report(pg_temp.report_of('cleo')) #>> '{report,details}', 'between you and me', 'but what they have to say');

-- Nobody else.
create function pg_temp.refusals() returns text[] language sql as $$
  select array[
    pg_temp.refused_permission('select list_reports()'), pg_temp.refused_permission('select list_staff()'), pg_temp.opens('cleo'),
    pg_temp.refused_field(format('select assign_report(%L)', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select note_report(%L, ''x'')', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select resolve_report(%L, ''x'')', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select dismiss_report(%L)', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select reopen_report(%L)', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select act_on_report(%L, ''delete_message'')', pg_temp.report_of('cleo'))),
    -- Not even that what they ask for is wrong.
    pg_temp.refused_field(format('select note_report(%L, '''')', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select resolve_report(%L, '''')', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select dismiss_report(%L, repeat(''x'', 2001))', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select reopen_report(%L, repeat(''x'', 2001))', pg_temp.report_of('cleo'))),
    pg_temp.refused_field(format('select act_on_report(%L, ''close'')', pg_temp.report_of('cleo')))
  ]
$$;
create temp table nothing as select
  array['PT403 missing_permission platform_reviewer', 'PT403 missing_permission platform_reviewer']
  || array_fill('PT404 not_found p_report_id'::text, array[12]) as refusals;
grant select on nothing to authenticated;
select pg_temp.become('cleo');
select is(my_staff_role(), null, 'who is no staff is told so');
select is(pg_temp.refusals(), (select refusals from nothing), 'who made the report is refused everything that is for staff');
select pg_temp.become('ann');
select is(pg_temp.refusals(), (select refusals from nothing), 'as is the owner of the community');
select pg_temp.become('bob');
select is(pg_temp.refusals(), (select refusals from nothing), 'and who is accused');
select is(
  pg_temp.refused_field('select get_report(gen_random_uuid())') || pg_temp.refused_field('select get_report(null)'),
  'PT404 not_found p_report_idPT404 not_found p_report_id', 'in the same words as of a report that is not there'
);

-- What somebody of the staff had in hand is free again when they are staff no longer.
select pg_temp.become('reviewer');
select assign_report(pg_temp.report_of('cleo'));
set local role service_role;
select lives_ok(format('select revoke_staff_role(%L)', md5('reviewer')::uuid), 'the secret key ends it');
select is(pg_temp.refused_field(format('select revoke_staff_role(%L)', md5('reviewer')::uuid)), 'PT404 not_found p_user_id', 'once');
select pg_temp.become('reviewer');
select is(pg_temp.refusals(), (select refusals from nothing), 'who was staff is refused everything');
select is(my_staff_role(), null, 'and told that they are not');
select pg_temp.become('admin');
select is(get_report(pg_temp.report_of('cleo')) #> '{report,assignee_id}', 'null', 'what they had in hand nobody has');
select is(get_report(pg_temp.report_of('cleo')) #>> '{report,state}', 'in_review', 'still in review');
select is(
  (get_report(pg_temp.report_of('cleo')) #> '{events,2}') - 'at'::text,
  jsonb_build_object('kind', 'released', 'actor_id', null, 'note', null, 'details', jsonb_build_object('user_id', md5('reviewer')::uuid)),
  'and its history says so'
);
reset role;
select pg_temp.appoint('reviewer');
select pg_temp.become('reviewer');
select assign_report(pg_temp.report_of('cleo'));
reset role;
select pg_temp.delete_account('reviewer');
select is((select assignee_id from private.reports where id = pg_temp.report_of('cleo')), null, 'so it is where the account ends');
select is((select count(*) from private.platform_staff where user_id = md5('reviewer')::uuid), 0::bigint, 'and with it the role');

-- No session.
select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claims', '{"role": "authenticated"}', true), set_config('role', 'authenticated', true);
select is(
  array(
    select pg_temp.refusal(c.call) from unnest(array['select list_reports()', 'select list_staff()', 'select my_staff_role()', 'select get_report(gen_random_uuid())',
      'select assign_report(gen_random_uuid())', 'select note_report(gen_random_uuid(), ''x'')', 'select act_on_report(gen_random_uuid(), ''ban_member'')']) as c (call)
  ),
  array_fill('PT401 session_required'::text, array[7]), 'a token without a user is told session_required'
);
set local role anon;
select is(
  array(
    select pg_temp.refusal(c.call) from unnest(array['select list_reports()', 'select list_staff()', 'select my_staff_role()', 'select get_report(gen_random_uuid())',
      'select grant_staff_role(gen_random_uuid(), ''admin'')']) as c (call)
  ),
  array_fill('42501'::text, array[5]), 'the publishable key alone may call nothing of it'
);
set local role service_role;
select is(pg_temp.refusal('select list_reports()'), '42501', 'and the secret key reads no report');

select * from finish();
rollback;
