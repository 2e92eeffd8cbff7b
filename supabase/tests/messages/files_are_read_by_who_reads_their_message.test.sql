begin;
select plan(35);
\ir ../shared.psql
\ir ../files.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'former', 'outsider');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo', 'former']) as name;
select pg_temp.upload('bob', id) from unnest(array['a', 'b', 'c', 'd', 'unsent']) as id;
create function pg_temp.path(p_id text) returns text language sql as $$ select pg_temp.file_path('bob', p_id) $$;
select pg_temp.become('bob');
select is(pg_temp.sees(pg_temp.path('unsent')), true, 'what is not sent its owner sees');
select is(pg_temp.removes(pg_temp.path('d')), true, 'and removes');
select send_message(pg_temp.channel(), 'a', p_attachments => pg_temp.file('a'));
select send_message(pg_temp.channel(), 'b', p_attachments => pg_temp.file('b'));
select send_message(pg_temp.channel(), 'c', p_attachments => pg_temp.file('c', jsonb_build_object('expires_at', now() + interval '1 day')));
select is(pg_temp.sees(pg_temp.path('a')), true, 'what is sent, too');
select is(pg_temp.removes(pg_temp.path('a')), false, 'but no longer removes it');

select pg_temp.become('cleo');
select is_empty(
  $$ select id from unnest(array['unsent', 'd']) as id where pg_temp.sees(pg_temp.path(id)) $$, 'others see nothing that is not sent'
);
select is(pg_temp.removes(pg_temp.path('unsent')), false, 'and remove nothing');
select results_eq(
  $$ select right(name, 36) from storage.objects where bucket_id = 'attachments' order by 1 $$,
  $$ select md5(id)::uuid::text from unnest(array['a', 'b', 'c']) as id order by 1 $$,
  'and all that was sent'
);
set local storage.operation = 'storage.object.list';
select is_empty($$ select name from storage.objects $$, 'but nobody lists the bucket');
set local storage.operation = 'storage.object.get_authenticated';
select is(pg_temp.sees(pg_temp.path('a')), true, 'a file is asked for by its path');
select is(pg_temp.removes(pg_temp.path('a')), false, 'which they do not remove either');
reset role;
select is((select count(*) from storage.objects where bucket_id = 'attachments' and name = pg_temp.path('a')), 1::bigint, 'it is still there');

-- A delete that the policy has let through before the send had committed.
create policy loose on storage.objects for delete to authenticated using (bucket_id = 'attachments');
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select pg_temp.removes(pg_temp.path('a')) $$), '42501', 'what was sent goes with its message only');
reset role;
drop policy loose on storage.objects;

-- Who may not read the message.
select pg_temp.become('outsider');
select is_empty($$ select name from storage.objects $$, 'an outsider sees none');
set local role anon;
set local request.jwt.claims = '{"role": "anon"}';
select is_empty($$ select name from storage.objects $$, 'nor does who has only the publishable key');
reset role;
select pg_temp.become('former');
select is(pg_temp.sees(pg_temp.path('a')), true, 'a member sees them');
select leave_community(pg_temp.community());
select is_empty($$ select name from storage.objects $$, 'and none after leaving');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('cleo')::uuid, p_deny => '{read_history}');
select pg_temp.become('cleo');
select is_empty($$ select name from storage.objects $$, 'who may not read the history sees none');
reset role;
update public.community_members set timed_out_until = now() + interval '1 hour' where user_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is(pg_temp.sees(pg_temp.path('a')), true, 'a timeout leaves reading');

-- Deleted.
select delete_message(pg_temp.channel(), 1);
select is(pg_temp.sees(pg_temp.path('a')), false, 'of a deleted message nobody sees any, not even its author');
select is(pg_temp.sees(pg_temp.path('b')), true, 'of others, yes');
reset role;
update public.community_members set timed_out_until = null where user_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is(pg_temp.sends(pg_temp.file('a')), 'PT422 invalid_argument p_attachments', 'what was sent with it is not sent again');

-- Expired.
create function pg_temp.shown() returns setof jsonb language sql as $$
  select m.attachments from list_messages(pg_temp.channel()) m where m.seq = 3
  union all select (get_message(pg_temp.channel(), 3)).attachments
  union all select m.attachments from list_pins(pg_temp.channel()) m where m.seq = 3
  union all select c -> 'message' -> 'attachments' from jsonb_array_elements(sync_channel(pg_temp.channel(), 0) -> 'changes') c where (c ->> 'seq')::bigint = 3 and c ->> 'kind' = 'created'
  union all select m.attachments from search_messages('c', pg_temp.community()) m where m.seq = 3
$$;
reset role;
select pg_temp.become('ann');
select pin_message(pg_temp.channel(), 3);
select results_eq(
  $$ select s -> 0 ->> 'name', count(*) from pg_temp.shown() s group by 1 $$, $$ values ('c.png', 5::bigint) $$,
  'until it expires each way of reading shows it whole'
);
select results_eq(
  $$ select m.attachments - 0, (m.attachments -> 0) - 'expires_at' from messages m where m.channel_id = pg_temp.channel() and m.seq = 3 $$,
  $$ values ('[]'::jsonb, jsonb_build_object('id', md5('c')::uuid, 'path', pg_temp.path('c'))) $$,
  'but the row itself does not say what it is'
);
select results_eq(
  $$ select seq from search_messages('has:attachment', pg_temp.community()) $$, $$ values (3::bigint), (2) $$, 'what has files is found'
);
reset role;
select is(
  (select payload -> 'message' -> 'attachments' -> 0 ->> 'name' from broadcasts where topic = private.channel_topic(pg_temp.channel()) and event = 'message_pinned'), 'c.png',
  'a broadcast shows it whole'
);
update private.attachments set remove_at = now() where path = pg_temp.path('c');
select pg_temp.become('ann');
select results_eq($$ select s, count(*) from pg_temp.shown() s group by 1 $$, $$ values ('[]'::jsonb, 5::bigint) $$, 'from then on none shows it');
select is(pg_temp.sees(pg_temp.path('c')), false, 'nor does the bucket');
select results_eq($$ select seq from search_messages('has:attachment', pg_temp.community()) $$, $$ values (2::bigint) $$, 'nor is it found');
select lives_ok($$ select add_reaction(pg_temp.channel(), 3, '👍') $$, 'it can still be reacted to');
reset role;
select is(
  (select payload -> 'message' -> 'attachments' from broadcasts where topic = private.channel_topic(pg_temp.channel()) and event = 'message_reacted'), '[]',
  'and what is broadcast of it shows none'
);
select pg_temp.become('bob');
select is((edit_message(pg_temp.channel(), 3, '')).attachments, '[]', 'nor does the answer to its author, whose text may go, too');

-- Removed, and its place taken by another.
reset role;
select set_config('request.jwt.claims', '{"role": "service_role"}', true);
select pg_temp.removes(pg_temp.path('c'));
select pg_temp.upload('bob', 'c');
select pg_temp.become('bob');
select results_eq($$ select s, count(*) from pg_temp.shown() s group by 1 $$, $$ values ('[]'::jsonb, 4::bigint) $$, 'what takes the place of an expired file is not the message''s');
select send_message(pg_temp.channel(), 'again', p_attachments => pg_temp.file('c', jsonb_build_object('expires_at', now() + interval '1 day')));
select results_eq($$ select s, count(*) from pg_temp.shown() s group by 1 $$, $$ values ('[]'::jsonb, 4::bigint) $$, 'not even when it is sent');

-- Hidden by a ban.
reset role;
insert into private.hidden_messages (community_id, author_id, since, until) values (pg_temp.community(), md5('bob')::uuid, '-infinity', now() + interval '1 hour');
select pg_temp.become('ann');
select is(pg_temp.sees(pg_temp.path('b')), false, 'what a ban hides takes its files along');
reset role;
select is_empty(
  $$ select p.polname from pg_policy p where p.polrelid = 'storage.objects'::regclass and p.polname like 'guildhall%'
     and coalesce(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) !~ '^\(\(bucket_id = ''(attachments|exports)''::text\) AND ' $$,
  'each policy asks for the bucket first'
);

select * from finish();
rollback;
