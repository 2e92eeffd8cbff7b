begin;
select plan(12);
\ir ../shared.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'staff');
select pg_temp.appoint('staff', 'admin');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo']) as name;
select pg_temp.become('ann');
select send_message(pg_temp.channel(), body) from unnest(array['one', 'two', 'three']) as body;
select pg_temp.become('cleo');
select report_message(pg_temp.channel(), 3, 'spam');
select pg_temp.become('bob');
-- Ids of one millisecond are in no order.
select report_message(pg_temp.channel(), 1, 'spam', 'between you and me');
select pg_sleep(0.002);
select report_message(pg_temp.channel(), 2, 'hate');
select pg_sleep(0.002);
select report_user(md5('ann')::uuid, 'other');

select is(array(select seq::text || ' ' || state from my_reports() where subject_kind = 'message'), array['2 open', '1 open'], 'one sees one''s own reports, the newest first');
select is((select count(*) from my_reports()), 3::bigint, 'and nobody else''s');
select is(array(select reason from my_reports(p_limit => 2)), array['other', 'hate'], 'by pages');
select is(
  array(select reason from my_reports(p_before_id => (select min(id::text)::uuid from my_reports(p_limit => 2)))), array['spam'], 'that go on'
);
select is(pg_temp.refused_field('select my_reports(p_limit => 101)'), 'PT422 invalid_argument p_limit', 'of a hundred at most');

select pg_temp.become('staff');
select assign_report(r.id) from pg_temp.listed() r where r.reporter_id = md5('bob')::uuid and r.seq = 1;
select note_report(r.id, 'A word of staff.') from pg_temp.listed() r where r.reporter_id = md5('bob')::uuid and r.state = 'in_review';
select pg_temp.become('bob');
select is((select state from my_reports() where seq = 1), 'in_review', 'one sees that somebody works on it');
select pg_temp.become('staff');
select resolve_report(r.id, 'Another word of staff.') from pg_temp.listed() r where r.reporter_id = md5('bob')::uuid and r.state = 'in_review';
select pg_temp.become('bob');
select is((select state from my_reports() where seq = 1), 'resolved', 'and that it has ended');
select unalike((select string_agg(r::text, ' ') from my_reports() r), '%word of staff%', 'without a word of what staff say');
select unalike((select string_agg(r::text, ' ') from my_reports() r), '%' || md5('staff')::uuid || '%', 'or of who they are');
select is(
  (select array_agg(a.attname::text order by a.attnum) from pg_type t join pg_attribute a on a.attrelid = t.typrelid where t.oid = 'public.my_report'::regtype),
  array['id', 'subject_kind', 'community_id', 'channel_id', 'seq', 'user_id', 'reason', 'state', 'created_at'], 'nothing else is told'
);
select is(pg_temp.opens('bob'), 'PT404 not_found p_report_id', 'who made a report does not open it');

set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select is(pg_temp.refused_field('select my_reports()'), 'PT401 session_required', 'a token without a user has none');

select * from finish();
rollback;
