begin;
select plan(14);
\ir ../shared.psql

-- The queue is this test's alone: others neither write nor sweep it meanwhile.
lock table private.link_preview_requests, private.link_previews in exclusive mode;
delete from private.link_preview_requests where true;
delete from private.link_previews where true;
select pg_temp.sign_up('ann');
select pg_temp.become('ann');
select create_community('Rust');
select send_message(pg_temp.channel(), 'https://example.com/' || n) from generate_series(1, 6) as n;
reset role;
delete from net.http_request_queue where url like 'https://project.example/%';
delete from vault.secrets where name like 'guildhall_functions_%';

create function pg_temp.waiting() returns bigint[] language sql as
$$ select array(select r.seq from private.link_preview_requests r where r.channel_id = pg_temp.channel() order by r.seq) $$;

-- Where nothing is set up, nothing is called, and nothing piles up.
select lives_ok('select private.call_for_link_previews()', 'the job runs where nothing is set up');
select is_empty($$ select url from net.http_request_queue where url like 'https://project.example/%' $$, 'and calls nobody');
update private.link_preview_requests set claimable_at = now() - interval '25 hours' where seq = 1;
update private.link_preview_requests set claimable_at = now() - interval '23 hours' where seq = 2;
-- Given out three times: the last one who had it may still answer; later nobody will.
update private.link_preview_requests set tries = 3, claimable_at = now() + interval '30 seconds' where seq = 3;
update private.link_preview_requests set tries = 3, claimable_at = now() - interval '1 second' where seq = 4;
update private.link_preview_requests set tries = 2, claimable_at = now() - interval '1 second' where seq = 5;
select private.sweep_link_previews();
select is(pg_temp.waiting(), '{2,3,5,6}', 'what nobody came for in a day goes, and what was given out three times');
update private.link_preview_requests set claimable_at = now() - interval '25 hours' where true;
select private.sweep_link_previews(3);
select is(cardinality(pg_temp.waiting()), 1, 'a sweep takes no more than its batch');

insert into private.link_previews (url_hash, fetched_at)
values ('\x01', now() - interval '61 minutes'), ('\x02', now() - interval '59 minutes');
select private.sweep_link_previews();
select is_empty('select * from private.link_previews where url_hash = ''\x01''', 'what was fetched more than an hour ago goes');
select isnt_empty('select * from private.link_previews where url_hash = ''\x02''', 'and the rest stays');

-- Where it is set up, it is called where something waits.
select vault.create_secret('https://project.example/functions/v1/', 'guildhall_functions_url');
select private.call_for_link_previews();
select is_empty($$ select url from net.http_request_queue where url like 'https://project.example/%' $$, 'half of what it needs is nothing');
select vault.create_secret('a test''s secret', 'guildhall_functions_secret');
select private.call_for_link_previews();
select is_empty($$ select url from net.http_request_queue where url like 'https://project.example/%' $$, 'where nothing waits nobody is called');
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'https://example.com/7');
reset role;
select private.call_for_link_previews();
select results_eq(
  $$ select method, url, headers ->> 'x-guildhall-secret', convert_from(body, 'UTF8')::jsonb from net.http_request_queue where url like 'https://project.example/%' $$,
  $$ values ('POST', 'https://project.example/functions/v1/link-previews', 'a test''s secret', '{}'::jsonb) $$,
  'the function is called by its address and with the secret'
);
select is(private.call_edge_function('another', '1 minute'), true, 'so is any other, which says that it was');
update private.link_preview_requests set claimable_at = now() + interval '1 minute' where true;
delete from net.http_request_queue where url like 'https://project.example/%';
select private.call_for_link_previews();
select is_empty($$ select url from net.http_request_queue where url like 'https://project.example/%' $$, 'what somebody is at work on calls nobody');
update private.link_preview_requests set claimable_at = now() - interval '1 second', tries = 3 where true;
select private.call_for_link_previews();
select is_empty($$ select url from net.http_request_queue where url like 'https://project.example/%' $$, 'nor does what nobody will be given again');

-- How many are looked at for one person.
delete from private.link_preview_requests where true;
select pg_temp.refill();
insert into private.rate_limits (limit_key, subject, full_at) values ('link_preview', md5('ann')::uuid::text, now() + interval '1 day');
select pg_temp.become('ann');
select is((send_message(pg_temp.channel(), 'https://example.com/8')).body, 'https://example.com/8', 'beyond the limit a message with a link is sent');
reset role;
select is(pg_temp.waiting(), '{}', 'and its link is not looked at');

select * from finish();
rollback;
