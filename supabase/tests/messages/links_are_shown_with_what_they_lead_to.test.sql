begin;
select plan(63);
\ir ../shared.psql

-- The queue is this test's alone: what others have written is not claimed here, and nobody claims this test's.
lock table private.link_preview_requests, private.link_previews in exclusive mode;
delete from private.link_preview_requests where true;
delete from private.link_previews where true;
select pg_temp.sign_up('ann', 'bob', 'zoe');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5('bob')::uuid);

-- As the Edge Function: with the secret key, which is nobody's session.
create function pg_temp.become_function() returns void language sql as $$
  select set_config('role', 'service_role', true), set_config('request.jwt.claim.sub', '', true),
    set_config('request.jwt.claims', '{"role": "service_role"}', true);
$$;
create function pg_temp.page(p_title text) returns jsonb language sql as
$$ select jsonb_build_object('title', p_title, 'description', 'What it is', 'site_name', 'Example', 'image_url', 'https://example.com/i.png') $$;
create function pg_temp.waiting() returns jsonb language sql security definer as $$
  select coalesce(jsonb_agg(jsonb_build_array(r.seq, r.url) order by r.seq), '[]') from private.link_preview_requests r where r.channel_id = pg_temp.channel()
$$;
create function pg_temp.preview(p_seq bigint) returns jsonb language sql security definer as
$$ select m.preview from public.messages m where m.channel_id = pg_temp.channel() and m.seq = p_seq $$;
create function pg_temp.head() returns bigint language sql security definer as
$$ select revision from private.channel_heads where channel_id = pg_temp.channel() $$;
create function pg_temp.store(p_seq bigint, p_url text, p_preview jsonb) returns boolean language plpgsql as $$
begin
  perform pg_temp.become_function();
  return store_link_preview(pg_temp.channel(), p_seq, p_url, p_preview);
end
$$;

-- What waits.
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'no link at all');
select send_message(pg_temp.channel(), 'look: https://example.com/a, and https://example.com/b');
select send_message(pg_temp.channel(), 'ftp://example.com/a');
select is(pg_temp.waiting(), '[[2, "https://example.com/a"]]', 'the first link of a message waits to be looked at');
select is(pg_temp.preview(2), null, 'and shows nothing yet');
select is((select preview from get_message(pg_temp.channel(), 2)), null, 'to nobody');
select insert_social_message(pg_temp.channel(), 'https://example.com/social');
select is(pg_temp.waiting() -> 1 ->> 1, 'https://example.com/social', 'so does one that came over the social surface');

-- Who may not.
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'), p_deny => '{embed_links}');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'https://example.com/denied');
select is(jsonb_array_length(pg_temp.waiting()), 2, 'what somebody without embed_links writes is not looked at');
select edit_message(pg_temp.channel(), 1, 'https://example.com/denied');
select is(jsonb_array_length(pg_temp.waiting()), 2, 'nor what they edit');
select edit_message(pg_temp.channel(), 4, 'https://example.com/other');
select is(pg_temp.waiting(), '[[2, "https://example.com/a"]]', 'and what they wrote while they might is not looked at any more');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'));
select pg_temp.become('bob');
select edit_message(pg_temp.channel(), 1, 'now https://example.com/allowed');
select is(pg_temp.waiting() -> 0 ->> 1, 'https://example.com/allowed', 'who holds it again is looked at again');
select edit_message(pg_temp.channel(), 1, 'no link again');

-- Who claims and stores.
select throws_ok('select claim_link_previews()', '42501', null, 'a member claims nothing');
select throws_ok('select store_link_preview(pg_temp.channel(), 2, ''https://example.com/a'', ''{"title": "x"}'')', '42501', null, 'and stores nothing');
select throws_ok('select private.claim_link_previews(1)', '42501', null, 'also behind the public function');
select throws_ok('select private.store_link_preview(pg_temp.channel(), 2, ''https://example.com/a'', ''{"title": "x"}'')', '42501', null, 'neither');
select throws_ok('select private.call_edge_function(''link-previews'')', '42501', null, 'nor calls the function by himself');
set local role anon;
select throws_ok('select claim_link_previews()', '42501', null, 'nor does whoever has only the publishable key');
select throws_ok('select store_link_preview(pg_temp.channel(), 2, ''https://example.com/a'', ''{"title": "x"}'')', '42501', null, 'store anything');

-- A claim is its claimer's for a while, and comes again three times.
select pg_temp.become_function();
select is(pg_temp.refused_field('select claim_link_previews(0)'), 'PT422 invalid_argument p_limit', 'one claims one at least');
select is(pg_temp.refused_field('select claim_link_previews(101)'), 'PT422 invalid_argument p_limit', 'and 100 at most');
select is(
  claim_link_previews(), jsonb_build_array(jsonb_build_object(
    'channel_id', pg_temp.channel(), 'seq', 2, 'url', 'https://example.com/a', 'is_known', false, 'preview', null)),
  'what waits is claimed'
);
select is(claim_link_previews(), '[]', 'once');
reset role;
update private.link_preview_requests set claimable_at = now() - interval '1 second' where true;
select pg_temp.become_function();
select is(jsonb_array_length(claim_link_previews()), 1, 'who did not answer loses it to the next');
reset role;
update private.link_preview_requests set claimable_at = now() - interval '1 second' where true;
select pg_temp.become_function();
select is(jsonb_array_length(claim_link_previews()), 1, 'and that one, too');
reset role;
update private.link_preview_requests set claimable_at = now() - interval '1 second' where true;
select pg_temp.become_function();
select is(claim_link_previews(), '[]', 'three times are enough');
reset role;
update private.link_preview_requests set tries = 0 where true;
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'https://example.com/second');
select pg_temp.become_function();
select is(claim_link_previews(1) #>> '{0,url}', 'https://example.com/a', 'no more are claimed than asked for, the oldest first');
select is(claim_link_previews(1) #>> '{0,url}', 'https://example.com/second', 'then the next');

-- It arrives as a change of the message.
reset role;
delete from broadcasts where true;
select set_config('test.revision', pg_temp.head()::text, true);
select is(pg_temp.store(2, 'https://example.com/b', pg_temp.page('Wrong')), false, 'an answer to another link is none');
select is(pg_temp.store(3, 'https://example.com/a', pg_temp.page('Wrong')), false, 'nor is one about another message');
select is(pg_temp.store(99, 'https://example.com/a', pg_temp.page('Wrong')), false, 'or about one that there never was');
select is(
  store_link_preview(gen_random_uuid(), 2, 'https://example.com/a', pg_temp.page('Wrong')), false, 'or in no channel'
);
select is(pg_temp.head(), current_setting('test.revision')::bigint, 'nothing of that is a change');
select is(pg_temp.store(2, 'https://example.com/a', pg_temp.page('A page')), true, 'the answer to the link is kept');
reset role;
select is(
  pg_temp.preview(2),
  '{"url": "https://example.com/a", "title": "A page", "description": "What it is", "site_name": "Example", "image_url": "https://example.com/i.png"}',
  'with the message'
);
select results_eq(
  $$ select event, (payload -> 'revision')::bigint, payload ->> 'kind', payload #> '{message,preview,title}', payload #> '{message,seq}'
     from broadcasts where topic = private.channel_topic(pg_temp.channel()) $$,
  $$ values ('message_previewed', current_setting('test.revision')::bigint + 1, 'previewed', '"A page"'::jsonb, '2'::jsonb) $$,
  'and told once, with the message as it is now'
);
select pg_temp.become('ann');
select results_eq(
  $$ select c ->> 'kind', c -> 'seq', c #>> '{message,preview,url}' from jsonb_array_elements(sync_channel(pg_temp.channel(), current_setting('test.revision')::bigint) -> 'changes') c $$,
  $$ values ('previewed', '2'::jsonb, 'https://example.com/a') $$, 'who was away is told, too'
);
select is((select preview ->> 'title' from list_messages(pg_temp.channel()) where seq = 2), 'A page', 'a page of messages has it');
select is((select preview ->> 'title' from get_message(pg_temp.channel(), 2)), 'A page', 'and so has the one');
select is(pg_temp.store(2, 'https://example.com/a', pg_temp.page('Again')), false, 'what is answered is not answered again');
select is(pg_temp.preview(2) ->> 'title', 'A page', 'and stays');
select is(pg_temp.store(6, 'https://example.com/second', null), false, 'where there is nothing to show');
select is(pg_temp.preview(6), null, 'nothing is shown');
select is(pg_temp.head(), current_setting('test.revision')::bigint + 1, 'and nothing told');
select is(pg_temp.waiting(), '[]', 'but it waits no longer');

-- What is known is not fetched again.
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'again https://example.com/a');
select send_message(pg_temp.channel(), 'again https://example.com/second');
select pg_temp.become_function();
select is(
  (select jsonb_agg(jsonb_build_array(c -> 'seq', c -> 'is_known', c -> 'preview') order by c -> 'seq') from jsonb_array_elements(claim_link_previews()) c),
  jsonb_build_array(jsonb_build_array(7, true, pg_temp.page('A page')), '[8, true, null]'::jsonb), 'what was found an hour ago at most is told with the claim'
);
select is(pg_temp.store(7, 'https://example.com/a', pg_temp.page('A page')), true, 'and is stored like any other');
reset role;
update private.link_previews set fetched_at = fetched_at - interval '6 minutes' where true;
update private.link_preview_requests set claimable_at = now() where true;
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'again https://example.com/a');
select pg_temp.become_function();
select is(
  (select jsonb_agg(c -> 'is_known' order by c -> 'seq') from jsonb_array_elements(claim_link_previews()) c), '[false, true]',
  'that there was nothing counts for five minutes'
);
reset role;
update private.link_previews set fetched_at = fetched_at - interval '55 minutes' where true;
update private.link_preview_requests set claimable_at = now() where true;
select pg_temp.become_function();
select is(
  (select jsonb_agg(c -> 'is_known') from jsonb_array_elements(claim_link_previews()) c), '[false, false]', 'and all else for an hour'
);
select pg_temp.store(9, 'https://example.com/a', pg_temp.page('Another'));
select is(pg_temp.preview(9) ->> 'title', 'Another', 'a link that was fetched anew shows what it leads to now');

-- An edit.
reset role;
delete from broadcasts where true;
select pg_temp.become('bob');
select edit_message(pg_temp.channel(), 2, 'the same link, https://example.com/a, other words');
select is(pg_temp.preview(2) ->> 'title', 'A page', 'an edit that leaves the link leaves the preview');
select is(jsonb_array_length(pg_temp.waiting()), 1, 'and has nothing looked at');
select is((edit_message(pg_temp.channel(), 2, 'https://example.com/new')).preview, null, 'another link takes it away with the edit');
reset role;
select is(
  (select payload #> '{message,preview}' from broadcasts where topic = private.channel_topic(pg_temp.channel()) order by (payload ->> 'revision')::bigint desc limit 1),
  'null', 'which everybody hears'
);
select is(pg_temp.waiting() -> 0, '[2, "https://example.com/new"]', 'and the new link waits');
select is(pg_temp.store(2, 'https://example.com/a', pg_temp.page('Late')), false, 'an answer to the old link comes too late');
select is(pg_temp.preview(2), null, 'and shows nothing');
select pg_temp.become('bob');
select edit_message(pg_temp.channel(), 2, 'no link any more');
select is(pg_temp.store(2, 'https://example.com/new', pg_temp.page('Late')), false, 'nor does one after an edit that took the link away');
select pg_temp.become('bob');
select edit_message(pg_temp.channel(), 9, 'no link any more');
select is(pg_temp.preview(9), null, 'a link that is taken away takes its preview with it');

-- A message that is gone or hidden.
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'https://example.com/deleted');
select send_message(pg_temp.channel(), 'https://example.com/hidden');
select delete_message(pg_temp.channel(), 10);
select delete_message(pg_temp.channel(), 7);
select is(pg_temp.waiting() @> '[[10]]', false, 'what is deleted waits no longer');
select is(pg_temp.store(10, 'https://example.com/deleted', pg_temp.page('Late')), false, 'and shows nothing');
select pg_temp.become('ann');
select is(
  (select count(*) from jsonb_array_elements(sync_channel(pg_temp.channel(), 0, 500) -> 'changes') c where c -> 'seq' in ('7', '10') and c -> 'message' <> 'null'),
  0::bigint, 'the preview of a deleted message is nowhere'
);
select ban_member(pg_temp.community(), md5('bob')::uuid, p_hide_messages_since => now() - interval '1 hour');
select set_config('test.revision', pg_temp.head()::text, true);
select is(pg_temp.store(11, 'https://example.com/hidden', pg_temp.page('Late')), false, 'what a ban has hidden shows nothing either');
select is(pg_temp.head(), current_setting('test.revision')::bigint, 'and is no change');

-- A channel that is gone.
select pg_temp.become('ann');
select set_config('test.channel', (create_channel(pg_temp.community(), 'short-lived')).id::text, true);
select send_message(current_setting('test.channel')::uuid, 'https://example.com/gone');
select delete_channel(current_setting('test.channel')::uuid);
reset role;
delete from broadcasts where true;
select pg_temp.become_function();
select is(store_link_preview(current_setting('test.channel')::uuid, 1, 'https://example.com/gone', pg_temp.page('Late')), false, 'nor does a channel that is deleted');
reset role;
select is((select count(*) from broadcasts where event = 'message_previewed'), 0::bigint, 'nothing is told');
select is((select m.preview from public.messages m where m.channel_id = current_setting('test.channel')::uuid), null, 'nothing is written');

select * from finish();
rollback;
