begin;
select plan(38);
\ir ../shared.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'spammer', 'deaf', 'outsider', 'former');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'hidden');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'spammer', 'deaf', 'former']) as name;
select pg_temp.become('ann');
select send_message(id, 'hello') from list_channels(pg_temp.community());
select set_config('test.hidden', pg_temp.channel('hidden')::text, true);
select set_channel_overwrite(pg_temp.channel('hidden'), 'role', pg_temp.role('everyone'), '{}', '{view_channel}');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('deaf')::uuid, '{}', '{read_history}');
select set_config('test.thread', (create_thread(pg_temp.channel(), 'aside', p_is_private => true)).id::text, true);
select send_message(current_setting('test.thread')::uuid, 'between us');
select pg_temp.become('spammer');
select send_message(pg_temp.channel(), 'buy this');
select pg_temp.become('former');
select leave_community(pg_temp.community());

create function pg_temp.reports(p_seq bigint, p_channel uuid default pg_temp.channel()) returns text language sql as
$$ select pg_temp.refused_field(format('select report_message(%L, %L, ''spam'')', p_channel, p_seq)) $$;

-- Messages.
select pg_temp.become('bob');
select is(pg_temp.reports(1), 'none', 'a member reports a message');
select is(pg_temp.reports(99), 'PT404 not_found p_seq', 'but none that is not there');
select is(pg_temp.reports(null), 'PT404 not_found p_seq', 'nor null');
select is(pg_temp.reports(1, current_setting('test.hidden')::uuid), 'PT404 not_found p_channel_id', 'nor one in a channel that is not shown to them');
select is(pg_temp.reports(1, current_setting('test.thread')::uuid), 'PT404 not_found p_channel_id', 'nor one in a private thread of others');
select is(pg_temp.reports(1, gen_random_uuid()), 'PT404 not_found p_channel_id', 'as if there were no such channel');
select is(pg_temp.reports(2), 'none', 'what a spammer wrote is reported');
select pg_temp.become('ann');
select ban_member(pg_temp.community(), md5('spammer')::uuid, p_hide_messages_since => 'epoch');
select pg_temp.become('deaf');
select is(
  pg_temp.refused_permission(format('select report_message(%L, 1, ''spam'')', pg_temp.channel())), 'PT403 missing_permission read_history',
  'who may not read does not report'
);
select pg_temp.become('ann');
select is(pg_temp.reports(2), 'PT404 not_found p_seq', 'what a ban hides is not there to be reported');
select is(pg_temp.reports(1, current_setting('test.thread')::uuid), 'none', 'who is in the private thread reports what is said there');
select pg_temp.become('outsider');
select is(pg_temp.reports(1), 'PT404 not_found p_channel_id', 'an outsider reports nothing');
select pg_temp.become('former');
select is(pg_temp.reports(1), 'PT404 not_found p_channel_id', 'nor does who has left');

-- Users.
select pg_temp.become('bob');
select is(pg_temp.refused_field(format('select report_user(%L, ''spam'')', md5('ann')::uuid)), 'none', 'a user is reported by who shares a community');
select is(pg_temp.refused_field(format('select report_user(%L, ''spam'')', md5('outsider')::uuid)), 'PT404 not_found p_user_id', 'one in no common community is not there');
select is(pg_temp.refused_field(format('select report_user(%L, ''spam'')', md5('former')::uuid)), 'PT404 not_found p_user_id', 'nor is who has left');
select is(pg_temp.refused_field(format('select report_user(%L, ''spam'')', gen_random_uuid())), 'PT404 not_found p_user_id', 'as who never was');
select is(pg_temp.refused_field('select report_user(null, ''spam'')'), 'PT404 not_found p_user_id', 'nor null');
select pg_temp.become('outsider');
select is(pg_temp.refused_field(format('select report_user(%L, ''spam'')', md5('ann')::uuid)), 'PT404 not_found p_user_id', 'an outsider reports nobody');

-- Communities.
select is(pg_temp.refused_field(format('select report_community(%L, ''spam'')', pg_temp.community())), 'PT404 not_found p_community_id', 'and no community');
select pg_temp.become('bob');
select is(pg_temp.refused_field(format('select report_community(%L, ''spam'')', pg_temp.community())), 'none', 'of which a member does');

-- What is said about it.
select is(
  array(select pg_temp.refused_field(format('select report_message(%L, 1, %L)', pg_temp.channel(), reason)) from unnest(array['boredom', '', null]) as reason),
  array['PT422 invalid_argument p_reason', 'PT422 invalid_argument p_reason', 'PT422 invalid_argument p_reason'], 'a reason is one of the list'
);
select is(pg_temp.refused_field(format('select report_user(%L, ''boredom'')', md5('ann')::uuid)), 'PT422 invalid_argument p_reason', 'also for a user');
select is(pg_temp.refused_field(format('select report_community(%L, ''boredom'')', pg_temp.community())), 'PT422 invalid_argument p_reason', 'and a community');
select is(
  pg_temp.refused_field(format('select report_message(%L, 1, ''spam'', %L)', pg_temp.channel(), repeat('x', 2001))), 'PT422 invalid_argument p_details',
  'there are 2,000 characters to say why'
);
select is(pg_temp.refused_field(format('select report_user(%L, ''spam'', %L)', md5('ann')::uuid, repeat('x', 2001))), 'PT422 invalid_argument p_details', 'about a user');
select is(
  pg_temp.refused_field(format('select report_community(%L, ''spam'', %L)', pg_temp.community(), repeat('x', 2001))), 'PT422 invalid_argument p_details',
  'and about a community'
);
reset role;
delete from private.reports where reporter_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is(
  pg_temp.refused_field(format('select report_message(%L, 1, ''spam'', %L)', pg_temp.channel(), repeat('x', 2000) || '  ')), 'none', 'as many are taken'
);
select report_user(md5('ann')::uuid, 'spam', E' \n ');
reset role;
select is((select array_agg(details order by subject_kind) from private.reports where reporter_id = md5('bob')::uuid), array[repeat('x', 2000), null], 'without the white space around them');

-- One that is not ended, for each subject and reporter.
select pg_temp.become('bob');
select set_config('test.first', (report_message(pg_temp.channel(), 1, 'hate', 'anew')).id::text, true);
reset role;
select is((select count(*) from private.reports where reporter_id = md5('bob')::uuid), 2::bigint, 'who reports the same again has written nothing');
select is(
  (select reason from private.reports where id = current_setting('test.first')::uuid), 'spam', 'but is given the report that is there'
);
select is((select count(*) from private.report_events where report_id = current_setting('test.first')::uuid), 1::bigint, 'which has no step more');
select pg_temp.become('ann');
select isnt((select id::text from report_message(pg_temp.channel(), 1, 'spam')), current_setting('test.first'), 'somebody else''s is another');
reset role;
update private.reports set state = 'in_review' where id = current_setting('test.first')::uuid;
select pg_temp.become('bob');
select is((select id::text || state from report_message(pg_temp.channel(), 1, 'hate')), current_setting('test.first') || 'in_review', 'in review it is the same still');
reset role;
update private.reports set state = 'dismissed' where id = current_setting('test.first')::uuid;
select pg_temp.become('bob');
select isnt((select id::text from report_message(pg_temp.channel(), 1, 'hate')), current_setting('test.first'), 'after it has ended there is a new one');

-- Twenty an hour.
reset role;
delete from private.rate_limits where subject = md5('bob')::uuid::text;
select pg_temp.become('bob');
select is(
  (select array_agg(pg_temp.refusal(format('select report_user(%L, ''spam'')', md5('ann')::uuid), 'limit')) from generate_series(1, 20)),
  array_fill('none'::text, array[20]), 'there are twenty reports at once'
);
select is(pg_temp.refusal(format('select report_user(%L, ''spam'')', md5('ann')::uuid), 'limit'), 'PT429 rate_limited report', 'and no more');

-- Without a session.
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select is(pg_temp.refused_field(format('select report_user(%L, ''spam'')', md5('ann')::uuid)), 'PT401 session_required', 'a token without a user reports nobody');
set local role anon;
select is(pg_temp.refusal(format('select report_user(%L, ''spam'')', md5('ann')::uuid)), '42501', 'nor does the publishable key alone');

select * from finish();
rollback;
