begin;
select plan(35);
\ir ../shared.psql
\ir ../files.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'spammer', 'cleo', 'staff');
select pg_temp.appoint('staff', 'admin');
update public.profiles set username = 'bobby_tables', display_name = 'Bobby' where id = md5('bob')::uuid;

select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'hidden');
reset role;
insert into public.channel_overwrites (community_id, channel_id, role_id, deny)
select c.community_id, c.id, r.id, private.permission_mask('view_channel')
from public.channels c join public.roles r on r.community_id = c.community_id and r.is_default
where c.community_id = pg_temp.community() and c.name = 'hidden';
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'spammer', 'cleo']) as name;
select private.resolve_access(pg_temp.community());

-- Six before, the one, six after; one of each is of somebody whose messages a ban hides.
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'before ' || n) from generate_series(1, 6) as n;
select pg_temp.become('spammer');
select send_message(pg_temp.channel(), 'buy this');
select pg_temp.upload('bob', 'picture', p_metadata => '{"size": 5, "mimetype": "image/png", "eTag": "\"9a0364b9e99bb480dd25e1f0284c8555\""}');
select pg_temp.upload('bob', 'nameless', p_metadata => '{"size": 6, "mimetype": "image/png"}');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'first words', p_attachments => pg_temp.file('picture') || pg_temp.file('nameless'), p_client_nonce => 'mark');
select edit_message(pg_temp.channel(), 8, 'second words');
select edit_message(pg_temp.channel(), 8, 'last words');
select pg_temp.become('spammer');
select send_message(pg_temp.channel(), 'and this');
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'after ' || n) from generate_series(1, 6) as n;
select ban_member(pg_temp.community(), md5('spammer')::uuid, p_hide_messages_since => 'epoch');

set local timezone = 'Pacific/Kiritimati';
select pg_temp.become('cleo');
select is(
  (select array[r.subject_kind, r.community_id::text, r.channel_id::text, r.seq::text, r.user_id::text, r.reason, r.state]
   from report_message(pg_temp.channel(), 8, 'hate', '  He said it.  ') r),
  array['message', pg_temp.community()::text, pg_temp.channel()::text, '8', md5('bob')::uuid::text, 'hate', 'open'],
  'who reports a message gets the report, which is open'
);

select pg_temp.become('staff');
select is((select r.details from pg_temp.listed() r where r.id = pg_temp.report_of('cleo')), 'He said it.', 'staff read what there is to say about it');
select is(pg_temp.evidence('cleo') #>> '{message,body}', 'last words', 'the evidence has the message as it is');
select is(pg_temp.evidence('cleo') #>> '{message,seq}', '8', 'by its number');
select is(pg_temp.evidence('cleo') #> '{message,client_nonce}', null, 'without its sender''s own mark');
select is(
  (select array_agg(e ->> 'body') from jsonb_array_elements(pg_temp.evidence('cleo') -> 'edits') e),
  array['first words', 'second words'], 'and what it said before, in order'
);
select is(
  pg_temp.evidence('cleo') -> 'author', jsonb_build_object('id', md5('bob')::uuid, 'username', 'bobby_tables', 'display_name', 'Bobby'), 'whose it is'
);
select is(
  pg_temp.evidence('cleo') -> 'community', jsonb_build_object('id', pg_temp.community(), 'name', 'Rust'), 'in which community'
);
select is(pg_temp.evidence('cleo') -> 'channel', jsonb_build_object('id', pg_temp.channel(), 'name', 'general'), 'and channel');
select is(pg_temp.evidence('cleo') -> 'thread', 'null', 'which is no thread');
select is(
  (select array_agg(e ->> 'body') from jsonb_array_elements(pg_temp.evidence('cleo') -> 'around') e),
  array['before 2', 'before 3', 'before 4', 'before 5', 'before 6', 'after 1', 'after 2', 'after 3', 'after 4', 'after 5'],
  'five messages before it and five after it, but those that a ban hides'
);
select is(
  pg_temp.evidence('cleo') #> '{message,attachments}',
  jsonb_build_array(
    jsonb_build_object('id', md5('picture')::uuid, 'path', pg_temp.file_path('bob', 'picture'), 'name', 'picture.png', 'size', 5,
      'content_type', 'image/png', 'expires_at', null, 'etag', '9a0364b9e99bb480dd25e1f0284c8555'),
    jsonb_build_object('id', md5('nameless')::uuid, 'path', pg_temp.file_path('bob', 'nameless'), 'name', 'nameless.png', 'size', 6,
      'content_type', 'image/png', 'expires_at', null, 'etag', null)
  ),
  'its files by path, name, size and type, with Storage''s hash where there is one'
);
select alike(pg_temp.evidence('cleo') #>> '{message,created_at}', '%+00:00', 'times are told in UTC, whatever the reporter''s zone');
select alike(pg_temp.evidence('cleo') ->> 'taken_at', '%+00:00', 'also when it was taken');

-- At the ends of a channel there is less around.
select pg_temp.become('cleo');
select report_message(pg_temp.channel(), 1, 'spam');
select pg_temp.become('staff');
select is(
  (select array_agg(e ->> 'body') from jsonb_array_elements(pg_temp.evidence('cleo') -> 'around') e),
  array['before 2', 'before 3', 'before 4', 'before 5', 'before 6'], 'before the first message there is nothing'
);

-- A thread's message has its thread around it.
select pg_temp.become('bob');
select set_config('test.thread', (create_thread(pg_temp.channel(), 'aside', 8)).id::text, true);
select send_message(current_setting('test.thread')::uuid, 'aside ' || n) from generate_series(1, 3) as n;
select pg_temp.become('cleo');
select is(
  (select r.channel_id from report_message(current_setting('test.thread')::uuid, 2, 'other') r), current_setting('test.thread')::uuid,
  'a message of a thread is reported by the thread''s id'
);
select pg_temp.become('staff');
select is(
  (select array_agg(e ->> 'body') from jsonb_array_elements(pg_temp.evidence('cleo') -> 'around') e), array['aside 1', 'aside 3'], 'the messages around it are the thread''s'
);
select is(
  pg_temp.evidence('cleo') -> 'thread', jsonb_build_object('id', current_setting('test.thread'), 'name', 'aside'), 'the thread is named'
);
select is(pg_temp.evidence('cleo') -> 'channel', jsonb_build_object('id', pg_temp.channel(), 'name', 'general'), 'and its channel');
select is(pg_temp.evidence('cleo') #>> '{community,name}', 'Rust', 'and their community');

-- Files that have expired are in no evidence, as they are nowhere else.
select pg_temp.upload('bob', 'passing');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'look', p_attachments => pg_temp.file('passing', jsonb_build_object('expires_at', to_char(clock_timestamp() at time zone 'UTC' + interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))));
select set_config('test.look', (select max(seq)::text from messages where channel_id = pg_temp.channel() and body = 'look'), true);
select pg_temp.become('cleo');
select report_message(pg_temp.channel(), current_setting('test.look')::bigint, 'spam');
select pg_temp.become('staff');
select is(pg_temp.evidence('cleo') #>> '{message,attachments,0,name}', 'passing.png', 'a file that will expire is kept by its name');
reset role;
update private.attachments set remove_at = now() where path = pg_temp.file_path('bob', 'passing');
select pg_temp.become('ann');
select report_message(pg_temp.channel(), current_setting('test.look')::bigint, 'spam');
select pg_temp.become('staff');
select is(pg_temp.evidence('ann') #> '{message,attachments}', '[]', 'one that has expired is not');

-- A user.
select pg_temp.become('cleo');
select create_community('Zig');
reset role;
select private.add_member(pg_temp.community('Zig'), md5('bob')::uuid);
select pg_temp.become('bob');
select create_community('Of his own');
select update_my_membership(pg_temp.community('Zig'), 'Robert');
select pg_temp.become('cleo');
select is(
  (select array[r.subject_kind, r.community_id::text, r.channel_id::text, r.seq::text, r.user_id::text] from report_user(md5('bob')::uuid, 'harassment') r),
  array['user', null, null, null, md5('bob')::uuid::text], 'a user is reported'
);
select pg_temp.become('staff');
select is(
  pg_temp.evidence('cleo') -> 'user', jsonb_build_object('id', md5('bob')::uuid, 'username', 'bobby_tables', 'display_name', 'Bobby'), 'by the profile'
);
select is(
  pg_temp.evidence('cleo') -> 'communities',
  jsonb_build_array(
    jsonb_build_object('id', pg_temp.community(), 'name', 'Rust', 'nickname', null),
    jsonb_build_object('id', pg_temp.community('Zig'), 'name', 'Zig', 'nickname', 'Robert')
  ),
  'and by the names in the communities that are shared, and no other'
);

-- A community.
select pg_temp.become('cleo');
select is(
  (select array[r.subject_kind, r.community_id::text, r.channel_id::text, r.seq::text, r.user_id::text] from report_community(pg_temp.community(), 'illegal') r),
  array['community', pg_temp.community()::text, null, null, md5('ann')::uuid::text], 'a community is reported, and its owner accused'
);
select pg_temp.become('staff');
select is(pg_temp.evidence('cleo') -> 'community', jsonb_build_object('id', pg_temp.community(), 'name', 'Rust'), 'its name is kept');
select is(pg_temp.evidence('cleo') #>> '{owner,id}', md5('ann')::uuid::text, 'its owner');
select is(pg_temp.evidence('cleo') -> 'members', '3', 'how many members it has');
select is(
  pg_temp.evidence('cleo') -> 'channels', jsonb_build_array(jsonb_build_object('id', pg_temp.channel(), 'name', 'general')), 'and the channels that who reports it sees'
);

-- An author whose account is gone is accused no more, and the message is reported all the same.
reset role;
select pg_temp.delete_account('spammer');
delete from private.hidden_messages where community_id = pg_temp.community();
insert into public.messages (channel_id, seq, author_id, body, revision) select pg_temp.channel(), 1000, null, 'of nobody', 1000;
select pg_temp.become('cleo');
select is((select r.user_id from report_message(pg_temp.channel(), 1000, 'spam') r), null, 'a message without an author accuses nobody');
select pg_temp.become('staff');
select is(pg_temp.evidence('cleo') -> 'author', 'null', 'its author is nobody');

-- A channel that no community and no thread is: what is sent there is shown by the channel's id alone.
reset role;
insert into private.channel_heads (channel_id, community_id) values (md5('loose')::uuid, md5('no community')::uuid);
insert into public.messages (channel_id, seq, author_id, body, revision) values (md5('loose')::uuid, 1, md5('bob')::uuid, 'in private', 1);
select is(private.message_evidence(md5('loose')::uuid, 1) -> 'community', 'null', 'a channel without a community is in none');
select is(
  private.message_evidence(md5('loose')::uuid, 1) -> 'channel', jsonb_build_object('id', md5('loose')::uuid, 'name', null), 'and has no name'
);
select is(private.message_evidence(md5('loose')::uuid, 1) #>> '{message,body}', 'in private', 'its messages are evidence as others are');

select * from finish();
rollback;
