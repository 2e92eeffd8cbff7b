begin;
select plan(26);
\ir ../shared.psql
\ir ../files.psql

-- The queue is this test's alone, and the sweep: others neither leave, claim nor sweep anything meanwhile.
lock table private.channel_events, private.attachments in exclusive mode;
delete from private.attachments where true;

select pg_temp.sign_up('ann', 'bob');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'doomed');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.upload('bob', id) from unnest(array['kept', 'deleted', 'many 1', 'many 2', 'expired', 'expires', 'fresh', 'old']) as id;
select pg_temp.upload('bob', 'in a channel', 'doomed');
create function pg_temp.path(p_id text, p_channel text default 'general') returns text language sql as $$ select pg_temp.file_path('bob', p_id, p_channel) $$;
select set_config('test.doomed', pg_temp.path('in a channel', 'doomed'), true);
create function pg_temp.claims(p_limit integer default 100) returns setof text language sql as
$$ select coalesce(i.id, p.path) from unnest(claim_attachment_removals(p_limit)) as p (path)
   left join unnest(array['kept', 'deleted', 'many 1', 'many 2', 'expired', 'expires', 'fresh', 'old', 'gone']) as i (id) on p.path like '%/' || md5(i.id)::uuid $$;
select pg_temp.become('bob');
select send_message(pg_temp.channel(), id, p_attachments => pg_temp.file(id)) from unnest(array['kept', 'deleted', 'many 1', 'many 2']) as id;
select send_message(pg_temp.channel(), id, p_attachments => pg_temp.file(id, jsonb_build_object('expires_at', now() + interval '1 hour'))) from unnest(array['expired', 'expires']) as id;
select send_message(pg_temp.channel('doomed'), 'x', p_attachments => pg_temp.file('in a channel'));

-- Who may ask.
select is(pg_temp.refusal('select claim_attachment_removals()'), '42501', 'a member may not ask for them');
set local role anon;
select is(pg_temp.refusal('select claim_attachment_removals()'), '42501', 'nor who has only the publishable key');
set local role service_role;
select is_empty('select pg_temp.claims()', 'there is nothing to remove');
select is_empty(
  $$ select n from unnest(array[0, -1, 1001, null]) as n where pg_temp.refused_field(format('select claim_attachment_removals(%L)', n)) <> 'PT422 invalid_argument p_limit' $$,
  'a batch has its bounds'
);

select pg_temp.become('bob');
select delete_message(pg_temp.channel(), 2);
select pg_temp.become('ann');
select delete_messages(pg_temp.channel(), '{3,4}');
reset role;
update private.attachments set remove_at = now() - interval '1 minute' where path in (pg_temp.path('expired'), pg_temp.path('old'));
set local role service_role;
select results_eq('select pg_temp.claims() order by 1', $$ values ('deleted'), ('expired'), ('many 1'), ('many 2'), ('old') $$, 'of deleted messages, expired, and never sent: handed out');
select is_empty('select pg_temp.claims()', 'and not twice');
reset role;
select pg_temp.become('bob');
select is(pg_temp.sends(pg_temp.file('old')), 'PT422 invalid_argument p_attachments', 'what is handed out is not sent any more');
select is(pg_temp.sends(pg_temp.file('fresh')), 'none', 'what is not old yet, is');
reset role;
update private.attachments set claimed_at = claimed_at - interval '11 minutes' where claimed_at = now();
set local role service_role;
select is((select count(*) from pg_temp.claims(2)), 2::bigint, 'what is still there comes again later, as many as are asked for');
select is((select count(*) from pg_temp.claims(100)), 3::bigint, 'then the others');

-- Storage has removed them.
set local request.jwt.claims = '{"role": "service_role"}';
select is_empty(
  $$ select id from unnest(array['deleted', 'expired', 'many 1', 'many 2', 'old']) as id where not pg_temp.removes(pg_temp.path(id)) $$, 'the secret key removes them'
);
reset role;
select set_eq(
  $$ select path from private.attachments where user_id = md5('bob')::uuid $$,
  $$ select pg_temp.path(id) from unnest(array['kept', 'expires', 'fresh']) as id union all select current_setting('test.doomed') $$,
  'and with them what was known of them'
);

-- A channel.
select pg_temp.become('ann');
select delete_channel(pg_temp.channel('doomed'));
reset role;
select pg_temp.first_to_sweep();
select private.sweep_messages();
set local role service_role;
select results_eq('select pg_temp.claims()', $$ values (current_setting('test.doomed')) $$, 'those of a channel that is gone are handed out');
reset role;

-- A message that goes with its author, because a ban has hidden it.
insert into private.hidden_messages (community_id, author_id, since, until) values (pg_temp.community(), md5('bob')::uuid, '-infinity', now() + interval '1 hour');
delete from auth.users where id = md5('bob')::uuid;
set local role service_role;
select results_eq('select pg_temp.claims() order by 1', $$ values ('expires'), ('fresh'), ('kept') $$, 'those of an account that is gone, too');
reset role;

-- Rows whose object is gone without a word.
insert into private.attachments (path, channel_id, user_id, remove_at, claimed_at)
select path, gen_random_uuid(), md5('bob')::uuid, now() - interval '1 hour', now() - interval '11 minutes' from unnest(array['gone 1', 'gone 2']) as path;
select private.sweep_attachments();
select is_empty($$ select path from private.attachments where path like 'gone%' $$, 'what Storage has no more is forgotten');
select is((select count(*) from private.attachments where user_id = md5('bob')::uuid), 4::bigint, 'what it still has is not');

-- The job asks only where there is something to do and it knows whom.
create function pg_temp.asked() returns setof text language sql as $$ select url from net.http_request_queue where url like 'http://functions.test/%' $$;
delete from vault.secrets where name in ('guildhall_functions_url', 'guildhall_functions_secret');
select lives_ok('select private.sweep_attachments()', 'without an address nothing is asked');
select vault.create_secret('http://functions.test/v1/', 'guildhall_functions_url');
select lives_ok('select private.sweep_attachments()', 'nor without a key');
select is_empty('select pg_temp.asked()', 'of nobody');
select vault.create_secret('the key', 'guildhall_functions_secret');
select private.sweep_attachments();
select results_eq(
  $$ select method::text, url, headers ->> 'x-guildhall-secret' from net.http_request_queue where url like 'http://functions.test/%' $$,
  $$ values ('POST', 'http://functions.test/v1/sweep-attachments', 'the key') $$,
  'with both, the function is'
);
delete from net.http_request_queue where url like 'http://functions.test/%';

-- Whatever the reason, waiting for hours is a problem.
select lives_ok('select private.watch_attachments()', 'a short wait is none');
update private.attachments set remove_at = now() - interval '7 hours' where user_id = md5('bob')::uuid;
select is(pg_temp.refusal('select private.watch_attachments()'), 'PT503 provider_unavailable', 'a wait of hours is');
select private.sweep_attachments();
select isnt_empty('select pg_temp.asked()', 'about which it is asked again');
delete from net.http_request_queue where url like 'http://functions.test/%';
update private.attachments set remove_at = 'infinity';
select private.sweep_attachments();
select is_empty('select pg_temp.asked()', 'where there is nothing to remove it is not');
select lives_ok('select private.watch_attachments()', 'nothing waits any more');
update storage.buckets set public = true where id = 'attachments';
select is(pg_temp.refusal('select private.watch_attachments()'), 'PT500 internal', 'a bucket that was made public is a problem at once');

select * from finish();
rollback;
