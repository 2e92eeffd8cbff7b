begin;
select plan(46);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'cleo', 'dan', 'outsider');
create function pg_temp.topic(p_id uuid) returns text language sql security definer as $$ select private.channel_topic(p_id) $$;
-- Whether the caller is let into a topic.
create function pg_temp.hears(p_topic text) returns boolean language sql as $$ select private.may_receive_channel_topic(p_topic) $$;
-- Whether the caller sees anything of the thread, by whatever way there is.
create function pg_temp.seen() returns text[] language sql as $$
  select array(
    select w.way from (values
      ('list', exists (select from list_threads(pg_temp.channel()) t where t.id = pg_temp.thread())),
      ('archive', exists (select from list_threads(pg_temp.channel(), true) t where t.id = pg_temp.thread())),
      ('get', pg_temp.refusal('select get_thread(pg_temp.thread())') = 'none'),
      ('members', pg_temp.refusal('select * from list_thread_members(pg_temp.thread())') = 'none'),
      ('messages', pg_temp.refusal('select * from list_messages(pg_temp.thread())') = 'none'),
      ('message', pg_temp.refusal('select get_message(pg_temp.thread(), 1)') = 'none'),
      ('pins', pg_temp.refusal('select * from list_pins(pg_temp.thread())') = 'none'),
      ('reactions', pg_temp.refusal('select * from list_reactions(pg_temp.thread(), 1, ''👍'')') = 'none'),
      ('feed', pg_temp.refusal('select sync_channel(pg_temp.thread(), 0)') = 'none'),
      ('social', pg_temp.refusal('select * from fetch_social_messages(pg_temp.thread())') = 'none'),
      ('unread', exists (select from list_unread(pg_temp.community()) u where u.channel_id = pg_temp.thread())),
      ('search', exists (select from search_messages('secret', pg_temp.community()))),
      ('search in it', pg_temp.refusal('select * from search_messages(''secret'', pg_temp.community(), pg_temp.thread())') = 'none'),
      ('search by name', exists (select from search_messages('secret in:aside', pg_temp.community()))),
      ('table', exists (select from messages m where m.channel_id = pg_temp.thread())),
      ('topic', pg_temp.hears(pg_temp.topic(pg_temp.thread()))),
      ('view', can_view_channel(pg_temp.thread())),
      ('permissions', pg_temp.refusal('select my_permissions(pg_temp.community(), pg_temp.thread())') = 'none')
    ) as w (way, is_seen) where w.is_seen order by w.way collate "C"
  )
$$;
create function pg_temp.personal(p_name text) returns text[] language sql security definer as $$
  select array(
    select event || ' ' || (payload ->> 'is_member') from realtime.messages
    where topic = 'user:' || md5(p_name)::uuid and event = 'thread_membership' order by inserted_at
  )
$$;

select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'wardens', '{manage_threads}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'cleo', 'dan']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('wardens'));
select pg_temp.become('bob');
select is((create_thread(pg_temp.channel(), 'aside', p_is_private => true)).kind, 'private', 'a private thread is opened');
select send_message(pg_temp.thread(), 'a secret');
select send_message(pg_temp.thread(), '<#' || pg_temp.thread() || '>');

-- Who sees it.
select set_config('test.all', '{feed,get,list,members,message,messages,permissions,pins,reactions,search,search by name,search in it,social,topic,unread,view}', true);
select set_config('test.warden', '{feed,get,list,members,message,messages,permissions,pins,reactions,search,search by name,search in it,social,topic,view}', true);
select is(pg_temp.seen(), current_setting('test.warden')::text[], 'who opened it sees it, by every way but the table''s');
select pg_temp.become('max');
select is(pg_temp.seen(), current_setting('test.warden')::text[], 'who manages threads does');
select pg_temp.become('cleo');
select is(pg_temp.seen(), '{}', 'another member does not, by any');
select is(
  array(
    select distinct pg_temp.refused_field(format(call, pg_temp.thread())) from unnest(array[
      'select join_thread(%L)', 'select leave_thread(%L)', 'select update_thread(%L)', 'select delete_thread(%L)', 'select get_thread(%L)',
      'select add_thread_member(%L, md5(''cleo'')::uuid)', 'select remove_thread_member(%L, md5(''bob'')::uuid)'
    ]) as call
  ), '{"PT404 not_found p_thread_id"}', 'nor joins it, nor adds themselves'
);
select is(
  array(
    select distinct pg_temp.refused_field(format(call, pg_temp.thread())) from unnest(array[
      'select send_message(%L, ''x'')', 'select edit_message(%L, 1, ''x'')', 'select delete_message(%L, 1)', 'select mark_read(%L, 1)',
      'select add_reaction(%L, 1, ''👍'')', 'select start_typing(%L)', 'select pin_message(%L, 1)'
    ]) as call
  ), '{"PT404 not_found p_channel_id"}', 'nor writes in it'
);
select is((send_message(pg_temp.channel(), 'see <#' || pg_temp.thread() || '>')).mentions, null::jsonb, 'nor mentions it');
select pg_temp.become('bob');
select is((send_message(pg_temp.channel(), 'see <#' || pg_temp.thread() || '>')).mentions -> 'channel_ids' ->> 0, pg_temp.thread()::text, 'who sees it does');

-- Members.
select lives_ok($$ select add_thread_member(pg_temp.thread(), md5('cleo')::uuid) $$, 'a member adds another');
select lives_ok($$ select add_thread_member(pg_temp.thread(), md5('cleo')::uuid) $$, 'twice is no error');
select is(pg_temp.personal('cleo'), '{"thread_membership true"}', 'who hears of it, once');
select is(
  array(select user_id from list_thread_members(pg_temp.thread())), array(select md5(n)::uuid from unnest(array['bob', 'cleo']) as n order by 1), 'members are listed'
);
select is(
  array(select user_id from list_thread_members(pg_temp.thread(), (select min(user_id::text)::uuid from list_thread_members(pg_temp.thread())))),
  array(select max(md5(n))::uuid from unnest(array['bob', 'cleo']) as n), 'in pages'
);
select is(
  pg_temp.refused_field($$ select add_thread_member(pg_temp.thread(), md5('outsider')::uuid) $$), 'PT404 not_found p_user_id', 'but nobody from outside'
);
select is(
  pg_temp.refused_field($$ select add_thread_member(pg_temp.thread(), null) $$), 'PT404 not_found p_user_id', 'nor nobody'
);
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('dan')::uuid, '{}', '{view_channel}');
select pg_temp.become('bob');
select is(
  pg_temp.refused_field($$ select add_thread_member(pg_temp.thread(), md5('dan')::uuid) $$), 'PT404 not_found p_user_id', 'nor who does not see the channel'
);
select pg_temp.become('cleo');
select is(pg_temp.seen(), current_setting('test.warden')::text[], 'who was added sees it');
select is((select unread from list_unread() where channel_id = pg_temp.thread()), null, 'with nothing unread of before');
select pg_temp.become('bob');
select send_message(pg_temp.thread(), 'for you');
select pg_temp.become('cleo');
select results_eq(
  $$ select channel_id, parent_id, unread from list_unread(pg_temp.community()) where parent_id is not null $$,
  $$ values (pg_temp.thread(), pg_temp.channel(), 1::bigint) $$, 'and what comes after is'
);
select is(pg_temp.seen(), current_setting('test.all')::text[], 'by every way');

-- The end of it.
select is(
  pg_temp.refused_permission($$ select remove_thread_member(pg_temp.thread(), md5('bob')::uuid) $$), 'PT403 missing_permission manage_threads', 'a member takes nobody out'
);
reset role;
select set_config('test.topic', pg_temp.topic(pg_temp.thread()), true);
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select remove_thread_member(pg_temp.thread(), md5('dan')::uuid) $$), 'PT404 not_found p_user_id', 'nobody who is not in it');
select lives_ok($$ select remove_thread_member(pg_temp.thread(), md5('cleo')::uuid) $$, 'who opened it does');
select is(pg_temp.personal('cleo'), '{"thread_membership true","thread_membership false"}', 'who is out hears of it');
select isnt(pg_temp.topic(pg_temp.thread()), current_setting('test.topic'), 'the topic has a new name');
reset role;
select is(
  (select event from broadcasts where topic = current_setting('test.topic') order by inserted_at desc, (event = 'moved') desc limit 1), 'moved', 'of which the old one hears last'
);
select pg_temp.become('bob');
select send_message(pg_temp.thread(), 'among us');
reset role;
select is(
  (select count(*) from broadcasts where topic = current_setting('test.topic') and payload::text like '%among us%'), 0::bigint, 'and nothing that is sent afterwards'
);
select pg_temp.become('cleo');
select is(pg_temp.seen(), '{}', 'who is out sees nothing of it');
select ok(not pg_temp.hears(current_setting('test.topic')), 'not by the old name either');
reset role;
select is((select array_agg(action) from public.audit_log where community_id = pg_temp.community() and action like 'thread%'), null, 'what one does with one''s own is not in the log');
select pg_temp.become('max');
select add_thread_member(pg_temp.thread(), md5('cleo')::uuid);
select remove_thread_member(pg_temp.thread(), md5('cleo')::uuid, 'too loud');
reset role;
select is(
  (select array[action, reason, before ->> 'user_id'] from public.audit_log where community_id = pg_temp.community() and action like 'thread%'),
  array['thread_member_removed', 'too loud', md5('cleo')::uuid::text], 'what is done to others'' is'
);
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select add_thread_member((create_thread(pg_temp.channel(), 'open')).id, md5('cleo')::uuid) $$, 'field'), 'PT422 invalid_argument p_thread_id', 'nobody is added to a public one');
select create_thread(pg_temp.channel(), 'open');
select pg_temp.become('cleo');
select lives_ok($$ select join_thread(pg_temp.thread('open')) $$, 'which whoever sees it joins');
select is((select is_member from get_thread(pg_temp.thread('open'))), true, 'and follows');
select lives_ok($$ select leave_thread(pg_temp.thread('open')) $$, 'until they leave');
select is((select is_member from get_thread(pg_temp.thread('open'))), false, 'and do not');
select pg_temp.become('bob');
select is(pg_temp.refused_field($$ select remove_thread_member(pg_temp.thread('open'), md5('bob')::uuid) $$), 'PT422 invalid_argument p_thread_id', 'nobody is taken out of it');

-- How many.
reset role;
insert into auth.users (id, email) select md5('one of ' || n)::uuid, 'one-of-' || n || '@example.com' from generate_series(1, 100) as n;
select private.add_member(pg_temp.community(), md5('one of ' || n)::uuid) from generate_series(1, 100) as n;
select pg_temp.refill();
select pg_temp.become('bob');
select add_thread_member(pg_temp.thread(), md5('one of ' || n)::uuid) from generate_series(1, 50) as n;
reset role;
select pg_temp.refill();
select pg_temp.become('bob');
select add_thread_member(pg_temp.thread(), md5('one of ' || n)::uuid) from generate_series(51, 99) as n;
select is(pg_temp.refusal($$ select add_thread_member(pg_temp.thread(), md5('one of 100')::uuid) $$, 'max'), 'PT409 limit_reached 100', 'a private thread has 100 members');
select is(pg_temp.refusal($$ select add_thread_member(pg_temp.thread(), md5('one of 1')::uuid) $$), 'none', 'one of whom may be added again');

-- Who loses what they saw it by.
select set_config('test.topic', pg_temp.topic(pg_temp.thread()), true);
select pg_temp.become('ann');
select revoke_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('wardens'));
select isnt(pg_temp.topic(pg_temp.thread()), current_setting('test.topic'), 'whoever manages threads no longer is off its topic');
select pg_temp.become('max');
select is(pg_temp.seen(), '{}', 'and sees nothing of it');
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('wardens'));
select set_config('test.topic', pg_temp.topic(pg_temp.thread()), true);
select set_role_permissions(pg_temp.role('wardens'), '{pin_messages}');
select isnt(pg_temp.topic(pg_temp.thread()), current_setting('test.topic'), 'also when the role does not any more');
select set_role_permissions(pg_temp.role('wardens'), '{manage_threads}');
select timeout_member(pg_temp.community(), md5('max')::uuid, clock_timestamp() + interval '1 hour');
select pg_temp.become('max');
select ok(pg_temp.hears(pg_temp.topic(pg_temp.thread())), 'a timeout leaves seeing it');
select is(pg_temp.refusal($$ select delete_thread(pg_temp.thread()) $$), 'PT403 timed_out', 'and nothing else');
select pg_temp.become('bob');
select leave_community(pg_temp.community());
reset role;
select is(
  (select array_agg(user_id) from private.thread_members where thread_id = pg_temp.thread() and user_id = md5('bob')::uuid), null, 'who leaves the community is a member of none of its threads'
);
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('bob');
select is(pg_temp.seen(), '{}', 'nor when they are back, though they opened it');

select * from finish();
rollback;
