begin;
select plan(39);
\ir ../shared.psql
\ir ../direct.psql

select pg_temp.sign_up('owner', 'ann', 'bob', 'cleo', 'friend', 'outsider');
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob', 'cleo']) as name;
insert into private.friendships (user_id, friend_id)
values (md5('ann')::uuid, md5('friend')::uuid), (md5('friend')::uuid, md5('ann')::uuid);
select set_config('test.all', '{feed,get,list,message,messages,pins,reactions,search,"search in it",send,social,table,topic,view}', true);

-- Opening.
select pg_temp.become('ann');
select results_eq(
  $$ select kind, name, owner_id, jsonb_path_query_array(members, '$[*].user_id'), last_seq, last_message_at, unread from open_direct(md5('bob')::uuid) $$,
  $$ values ('pair', null::text, null::uuid, jsonb_build_array(md5('ann')::uuid, md5('bob')::uuid), 0::bigint, null::timestamptz, 0::bigint) $$,
  'a direct channel is begun'
);
select is((open_direct(md5('bob')::uuid)).id, pg_temp.pair('ann', 'bob'), 'and found again');
select pg_temp.become('bob');
select is_empty($$ select * from list_direct() $$, 'the other is not shown it before something is said');
select is(pg_temp.told('bob'), '{}', 'nor told');
select is((open_direct(md5('ann')::uuid)).id, pg_temp.pair('ann', 'bob'), 'who opens it from the other side finds the same');
select pg_temp.become('ann');
select is((select count(*) from list_direct()), 1::bigint, 'who began it is shown it');
select is((open_direct(md5('friend')::uuid)).kind, 'pair', 'a friend is written to without a community');

-- Writing.
select is((send_message(pg_temp.pair('ann', 'bob'), 'a secret', 'n1')).seq, 1::bigint, 'a message is sent');
select is((send_message(pg_temp.pair('ann', 'bob'), 'a secret', 'n1')).seq, 1::bigint, 'once for its nonce');
select is(pg_temp.told('bob'), '{"direct_message 1"}', 'the other hears of it at once');
select is(pg_temp.told('ann'), '{direct_changed,direct_changed,"direct_message 1"}', 'and one''s other devices');
select is((select unread from list_direct() where id = pg_temp.pair('ann', 'bob')), 0::bigint, 'what one says is read');
select pg_temp.become('bob');
select is((select unread from list_direct()), 1::bigint, 'and unread by the other');
select results_eq(
  $$ select community_id, parent_id, last_seq, first_unread_seq, unread, mentions from list_unread() $$,
  $$ values (null::uuid, null::uuid, 1::bigint, 1::bigint, 1::bigint, 0) $$, 'who has it among what is unread'
);
select is_empty($$ select * from list_unread(pg_temp.community()) $$, 'but not of a community');
select is(pg_temp.seen(pg_temp.pair('ann', 'bob'), 'secret'), array(select unnest(current_setting('test.all')::text[] || '{unread}') order by 1), 'the other sees it by every way');
select send_message(pg_temp.pair('ann', 'bob'), '<@' || md5('ann')::uuid || '> <@' || md5('cleo')::uuid || '>', p_reply_to_seq => 1);
select is((get_message(pg_temp.pair('ann', 'bob'), 2)).mentions -> 'user_ids', jsonb_build_array(md5('ann')::uuid), 'who takes part is mentioned, and nobody else');
select is((get_message(pg_temp.pair('ann', 'bob'), 2)).reply ->> 'excerpt', 'a secret', 'an answer shows what it answers');
select add_reaction(pg_temp.pair('ann', 'bob'), 1, '👍');
select pin_message(pg_temp.pair('ann', 'bob'), 1);
select edit_message(pg_temp.pair('ann', 'bob'), 2, 'other');
select is(pg_temp.refused_permission($$ select delete_message(pg_temp.pair('ann', 'bob'), 1) $$), 'PT403 missing_permission manage_messages', 'nobody deletes what the other said');
select is(pg_temp.refused_permission($$ select create_thread(pg_temp.pair('ann', 'bob'), 'x') $$), 'PT403 missing_permission create_threads', 'nor opens threads');
select lives_ok($$ select delete_message(pg_temp.pair('ann', 'bob'), 2) $$, 'one''s own is deleted');
select lives_ok($$ select start_typing(pg_temp.pair('ann', 'bob')) $$, 'that one writes is told');
select lives_ok($$ select mark_read(pg_temp.pair('ann', 'bob'), 3) $$, 'and how far one has read');
select is_empty($$ select * from list_unread() $$, 'then nothing is unread');
select is(
  (select array_agg(c ->> 'kind' order by (c ->> 'revision')::bigint) from jsonb_array_elements(sync_channel(pg_temp.pair('ann', 'bob'), 0) -> 'changes') c),
  '{created,created,reacted,pinned,created,edited,deleted}', 'the feed has all of it'
);
select is(sync_channel(pg_temp.pair('ann', 'bob')) -> 'community_topic', 'null'::jsonb, 'there is no community''s topic');
select results_eq(
  $$ select channel_id, seq from search_messages('secret', null) union all select channel_id, seq from search_messages('secret from:' || md5('ann')::uuid, null, pg_temp.pair('ann', 'bob')) $$,
  $$ select pg_temp.pair('ann', 'bob'), 1::bigint from generate_series(1, 2) $$, 'and a search finds it'
);
select is(pg_temp.refused_field($$ select * from search_messages('secret', pg_temp.community(), pg_temp.pair('ann', 'bob')) $$), 'PT404 not_found p_channel_id', 'not in a community');
reset role;
select is((select count(*) from public.audit_log where community_id = pg_temp.pair('ann', 'bob')), 0::bigint, 'no log is kept of it');

-- Nobody else.
select pg_temp.become('cleo');
select is(pg_temp.seen(pg_temp.pair('ann', 'bob'), 'secret'), '{}', 'a member of the same community sees nothing of it');
select is(pg_temp.refused_field($$ select send_message(pg_temp.pair('ann', 'bob'), 'x') $$), 'PT404 not_found p_channel_id', 'and does not write there');
select pg_temp.become('outsider');
select is(pg_temp.seen(pg_temp.pair('ann', 'bob'), 'secret'), '{}', 'an outsider neither');

-- Who may not be written to.
select is(pg_temp.refused_field($$ select open_direct(md5('ann')::uuid) $$), 'PT404 not_found p_user_id', 'who shares nothing with somebody finds nobody');
select is(pg_temp.refused_field($$ select open_direct(md5('nobody')::uuid) $$), 'PT404 not_found p_user_id', 'as where there is nobody');
select is(pg_temp.refused_field($$ select open_direct(null) $$), 'PT404 not_found p_user_id', 'or none is named');
select is(pg_temp.refused_field($$ select open_direct(md5('outsider')::uuid) $$), 'PT422 invalid_argument p_user_id', 'nor oneself');
reset role;
select is((select count(*) from private.direct_members m join private.direct_channels d on d.id = m.channel_id where d.kind = 'pair' and md5('ann')::uuid in (d.low_id, d.high_id)), 4::bigint, 'two take part in each');

-- An account that ends.
select set_config('test.pair', pg_temp.pair('ann', 'bob')::text, true);
delete from auth.users where id = md5('bob')::uuid;
select pg_temp.become('ann');
select is(
  pg_temp.seen(current_setting('test.pair')::uuid, 'secret'),
  '{feed,get,list,message,messages,pins,reactions,search,"search in it",social,table,topic,unread,view}', 'what was said stays for the other, who writes there no more'
);
reset role;
delete from auth.users where id = md5('ann')::uuid;
select is_empty($$ select id from private.direct_channels where id = current_setting('test.pair')::uuid $$, 'and goes with the last');

select * from finish();
rollback;
