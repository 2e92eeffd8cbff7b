begin;
select plan(34);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'zoe');
select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'managers', '{manage_messages}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'sesame open <@' || md5('ann')::uuid || '>', 'nonce 1');
select edit_message(pg_temp.channel(), 1, 'sesame shut <@' || md5('ann')::uuid || '>');
select add_reaction(pg_temp.channel(), 1, '👍');
select send_message(pg_temp.channel(), 'kept', p_reply_to_seq => 1);
select send_message(pg_temp.channel(), 'third');
select send_message(pg_temp.channel(), 'fourth');
select send_message(pg_temp.channel(), 'fifth');
select pg_temp.become('ann');
select pin_message(pg_temp.channel(), 1);
reset role;
delete from broadcasts where true;
select set_config('test.revision', (select revision::text from private.channel_heads where channel_id = pg_temp.channel()), true);

-- Who does not.
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select delete_message(pg_temp.channel(), 1)'), 'PT404 not_found p_channel_id', 'an outsider deletes nothing');
select pg_temp.become('ann');
select set_role_permissions(pg_temp.role('managers'), '{}');
select pg_temp.become('max');
select is(pg_temp.refused_permission('select delete_message(pg_temp.channel(), 1)'), 'PT403 missing_permission manage_messages', 'nor does a member delete what others wrote');
select is(pg_temp.refused_permission('select delete_messages(pg_temp.channel(), ''{1}'')'), 'PT403 missing_permission manage_messages', 'also not many at once');
select pg_temp.become('ann');
select set_role_permissions(pg_temp.role('managers'), '{manage_messages}');

-- Its author does.
select pg_temp.become('bob');
select lives_ok('select delete_message(pg_temp.channel(), 1)', 'who wrote a message deletes it');
reset role;
select results_eq(
  $$ select event, payload -> 'seqs', payload -> 'message' from broadcasts where topic = private.channel_topic(pg_temp.channel()) $$,
  $$ values ('message_deleted', '[1]'::jsonb, 'null'::jsonb) $$, 'which is told once, by its number'
);
select pg_temp.become('ann');
create temp table read as
select to_jsonb(m) as what from list_messages(pg_temp.channel(), 100) m
union all select to_jsonb(m) from list_messages(pg_temp.channel(), p_around_seq => 1) m
union all select to_jsonb(m) from list_messages(pg_temp.channel(), p_after_seq => 0) m
union all select to_jsonb(m) from list_pins(pg_temp.channel()) m
union all select sync_channel(pg_temp.channel(), 0)
union all select to_jsonb(m) from public.messages m
union all select to_jsonb(l) from list_audit_log(pg_temp.community()) l
union all select to_jsonb(u) from list_unread() u;
select is((select count(*) from read where what::text ~ 'sesame|nonce 1|👍'), 0::bigint, 'what it said is in no answer');
reset role;
select is(
  (select count(*) from broadcasts where payload::text like '%sesame%')
    + (select count(*) from private.message_edits where channel_id = pg_temp.channel() and body like '%sesame%')
    + (select count(*) from private.reactions where channel_id = pg_temp.channel())
    + (select count(*) from private.message_mentions where channel_id = pg_temp.channel()),
  0::bigint, 'nor anywhere in the database'
);
select pg_temp.become('ann');
select is(pg_temp.refused_field('select get_message(pg_temp.channel(), 1)'), 'PT404 not_found p_seq', 'it is not found');
select is(pg_temp.refused_field('select list_message_edits(pg_temp.channel(), 1)'), 'PT404 not_found p_seq', 'nor is what it said before');
select is(pg_temp.refused_field('select list_reactions(pg_temp.channel(), 1, ''👍'')'), 'PT404 not_found p_seq', 'nor who reacted');
select is(
  (select reply from list_messages(pg_temp.channel()) where body = 'kept'),
  '{"seq": 1, "author_id": null, "author_name": null, "excerpt": null, "created_at": null}', 'an answer to it shows that there was something'
);
select is((select mentions from list_unread() where channel_id = pg_temp.channel()), 0, 'whom it mentioned is mentioned no more');
select results_eq(
  $$ select c ->> 'kind', c -> 'message' from jsonb_array_elements(sync_channel(pg_temp.channel(), current_setting('test.revision')::bigint) -> 'changes') c $$,
  $$ values ('deleted', 'null'::jsonb) $$, 'who was away is told that it is gone'
);

-- Its number and its nonce stay taken.
select pg_temp.become('bob');
select is((send_message(pg_temp.channel(), 'next')).seq, 7::bigint, 'its number is not given again');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'sesame open', 'nonce 1') $$), 'PT410 expired', 'a late retry of its send does not bring it back');
select is((send_message(pg_temp.channel(), 'other', 'nonce 2')).seq, 8::bigint, 'another nonce is another message');
select is(pg_temp.refused_field($$ select send_message(pg_temp.channel(), 'x', p_reply_to_seq => 1) $$), 'PT404 not_found p_reply_to_seq', 'nobody answers it any more');
select is(pg_temp.refused_field($$ select edit_message(pg_temp.channel(), 1, 'x') $$), 'PT404 not_found p_seq', 'nobody edits it');
select is(pg_temp.refusal('select delete_message(pg_temp.channel(), 1)'), 'none', 'to delete one''s own again is no error');
select pg_temp.become('max');
select is(pg_temp.refused_field('select delete_message(pg_temp.channel(), 1)'), 'PT404 not_found p_seq', 'for others it is not there');
reset role;
select is((select count(*) from public.audit_log where community_id = pg_temp.community() and action = 'messages_deleted'), 0::bigint, 'one''s own deletions are nobody''s business');

-- Who manages messages.
select pg_temp.become('max');
select is(pg_temp.refusal('select delete_message(pg_temp.channel(), 3, ''spam'')'), 'none', 'who manages messages deletes what others wrote');
select is(pg_temp.refusal('select delete_messages(pg_temp.channel(), ''{5,4,4,1,99}'', ''more spam'')'), 'none', 'also many at once, some of which are gone');
reset role;
select results_eq(
  $$ select before -> 'messages', reason from public.audit_log where community_id = pg_temp.community() and action = 'messages_deleted' order by number $$,
  format(
    $$ values ('[{"seq": 3, "author_id": "%1$s"}]'::jsonb, 'spam'),
       ('[{"seq": 4, "author_id": "%1$s"}, {"seq": 5, "author_id": "%1$s"}]', 'more spam') $$, md5('bob')::uuid
  ),
  'the log has whose they were and why, and not what they said'
);
select results_eq(
  $$ select payload -> 'seqs' from broadcasts where event = 'message_deleted' and topic = private.channel_topic(pg_temp.channel()) order by (payload ->> 'revision')::bigint $$,
  $$ values ('[1]'::jsonb), ('[3]'), ('[4, 5]') $$, 'many at once are one event'
);
select is((select seqs from private.channel_events where channel_id = pg_temp.channel() order by revision desc limit 1), '{4,5}', 'and one change of the channel');
select pg_temp.become('bob');
select is(
  (select c -> 'seqs' from jsonb_array_elements(sync_channel(pg_temp.channel(), 0, 500) -> 'changes') c where c ->> 'kind' = 'deleted' and c ->> 'seq' = '4'),
  '[4, 5]', 'which names all of them'
);
select is(array(select seq from list_messages(pg_temp.channel())), '{2,6,7,8}', 'the others stay');
select pg_temp.become('max');
select is(pg_temp.refused_field('select delete_messages(pg_temp.channel(), ''{}'')'), 'PT422 invalid_argument p_seqs', 'none are not many');
select is(pg_temp.refused_field('select delete_messages(pg_temp.channel(), null)'), 'PT422 invalid_argument p_seqs', 'nor is null');
select is(pg_temp.refused_field('select delete_messages(pg_temp.channel(), ''{2,null}'')'), 'PT422 invalid_argument p_seqs', 'also between others');
select is(pg_temp.refused_field('select delete_messages(pg_temp.channel(), ''{{2},{3}}'')'), 'PT422 invalid_argument p_seqs', 'a list of lists is none');
select is(pg_temp.refused_field('select delete_messages(pg_temp.channel(), array(select generate_series(1, 101)))'), 'PT422 invalid_argument p_seqs', 'more than 100 are too many');
select lives_ok('select delete_messages(pg_temp.channel(), ''{1,98}'')', 'what is gone already is passed over');

select * from finish();
rollback;
