begin;
select plan(38);
\ir ../shared.psql
\ir ../direct.psql

-- Two worlds: in one ann has blocked bob, in the other ben has not been blocked by amy. Else they are the same.
select pg_temp.sign_up('owner', 'ann', 'bob', 'amy', 'ben', 'cat', 'cleo');
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob', 'amy', 'ben', 'cat', 'cleo']) as name;
update private.rate_limit_catalog set capacity = 100000;
select private.link_external_identity(md5(name)::uuid, private.chat_provider(), 'x' || name) from unnest(array['ann', 'bob', 'amy', 'ben']) as name;

-- What an answer says, without what tells the worlds apart: ids by who or what they are, times by none.
create function pg_temp.normal(p_answer text) returns text language plpgsql security definer as $$
declare
  v_answer text := p_answer;
  v_one record;
begin
  for v_one in
    select id::text, 'PAIR' as word from private.direct_channels where kind = 'pair'
    union all select id::text, 'GROUP' from private.direct_channels where kind = 'group'
    union all select md5(name)::uuid::text, 'BLOCKER' from unnest(array['ann', 'amy']) as name
    union all select md5(name)::uuid::text, 'BLOCKED' from unnest(array['bob', 'ben']) as name
    union all select p.username, 'NAME' from public.profiles p where p.id in (select md5(name)::uuid from unnest(array['ann', 'amy', 'bob', 'ben']) as name)
    union all select 'x' || name, 'XBLOCKER' from unnest(array['ann', 'amy']) as name
    union all select 'x' || name, 'XBLOCKED' from unnest(array['bob', 'ben']) as name
  loop
    v_answer := replace(v_answer, v_one.id, v_one.word);
  end loop;
  v_answer := regexp_replace(v_answer, '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+([+-][0-9:]+)?', 'TIME', 'g');
  return regexp_replace(v_answer, '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}', 'ID', 'g');
end
$$;
create function pg_temp.answer(p_sql text) returns text language plpgsql as $$
declare
  v_answer text;
  v_detail text;
begin
  execute format('select string_agg(to_jsonb(x)::text, E''\n'') from (%s) x', p_sql) into v_answer;
  return pg_temp.normal(coalesce(v_answer, 'nothing'));
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return pg_temp.normal(concat_ws(' ', sqlstate, sqlerrm, v_detail));
end
$$;
create temp table answers (world text, step integer generated always as identity, call text, answer text);
create temp table steps (n integer generated always as identity, call text);
grant select, insert on answers to authenticated;
grant select on steps to authenticated;
-- %1$L is who has blocked or not, %2$L the direct channel, %3$L the group; %4$L, %5$L and %6$L who has blocked, who is blocked and the
-- chat of both by the ids of another system.
insert into steps (call) values
  ('select * from open_direct(%1$L)'),
  ('select * from get_direct(%2$L)'),
  ('select * from list_direct()'),
  ('select * from send_message(%2$L, ''are you there?'', ''nonce'')'),
  ('select * from send_message(%2$L, ''<@%1$s> see https://example.com'')'),
  ('select * from edit_message(%2$L, 2, ''I meant this'')'),
  ('select * from add_reaction(%2$L, 1, ''👍'')'),
  ('select * from pin_message(%2$L, 1)'),
  ('select * from list_pins(%2$L)'),
  ('select * from list_reactions(%2$L, 1, ''👍'')'),
  ('select start_typing(%2$L)'),
  ('select mark_read(%2$L, 3)'),
  ('select delete_message(%2$L, 2)'),
  ('select * from list_messages(%2$L)'),
  ('select sync_channel(%2$L, 0)'),
  ('select * from list_unread()'),
  ('select can_view_channel(%2$L), can_send_in_channel(%2$L)'),
  ('select * from search_messages(''there'', null)'),
  ('select * from search_messages(''from:'' || %1$L, null, %2$L)'),
  ('select * from open_group(array[%1$L::uuid, md5(''cat'')::uuid], ''three'')'),
  ('select * from get_direct(%3$L)'),
  ('select * from send_message(%3$L, ''hello all'')'),
  ('select * from list_direct()'),
  ('select remove_direct_member(%3$L, %1$L)'),
  ('select * from add_direct_member(%3$L, %1$L)'),
  ('select * from rename_direct_group(%3$L, ''four'')'),
  ('select leave_direct_group(%3$L)'),
  ('select * from ensure_chat_thread(%4$L)'),
  ('select * from insert_chat_message(%6$L, %5$L, %4$L, ''do you hear me?'', ''client'')'),
  ('select * from insert_chat_message(%6$L, %5$L, %4$L, ''do you hear me?'', ''client'')'),
  ('select * from insert_chat_message(%6$L, %4$L, %5$L, ''in your name'')'),
  ('select * from chat_threads'),
  ('select * from chat_messages where thread_id = %6$L order by seq'),
  ('select * from chat_messages where channel_id = %2$L order by seq desc limit 2'),
  ('select * from fetch_chat_history(%6$L)'),
  ('select * from social_messages where channel_id = %2$L order by seq'),
  ('select seq, kind, author_id, body from messages where channel_id = %2$L order by seq'),
  ('select private.may_receive_chat_topic(''chat:'' || %6$L)'),
  ('select * from list_direct()');

create function pg_temp.play(p_world text, p_who text, p_other text) returns void language plpgsql as $$
declare
  v_step record;
begin
  perform pg_temp.become(p_who);
  for v_step in select * from steps order by n loop
    insert into answers (world, call, answer)
    values (p_world, v_step.call, pg_temp.answer(format(
      v_step.call, md5(p_other)::uuid, pg_temp.pair(p_who, p_other), pg_temp.group_of(p_who),
      'x' || p_other, 'x' || p_who, 'x' || p_other || '_x' || p_who
    )));
  end loop;
end
$$;
create function pg_temp.group_of(p_who text) returns uuid language sql security definer as
$$ select id from private.direct_channels where kind = 'group' and opener_id = md5(p_who)::uuid order by id desc limit 1 $$;

-- Both have written to each other before.
select pg_temp.become('ann');
select open_direct(md5('bob')::uuid);
select send_message(pg_temp.pair('ann', 'bob'), 'from before');
select pg_temp.become('amy');
select open_direct(md5('ben')::uuid);
select send_message(pg_temp.pair('amy', 'ben'), 'from before');
reset role;
insert into private.blocks (blocker_id, blocked_id) values (md5('ann')::uuid, md5('bob')::uuid);
select set_config('test.blocker_before', cardinality(pg_temp.told('ann'))::text, true);

select pg_temp.play('blocked', 'bob', 'ann');
select pg_temp.play('free', 'ben', 'amy');
reset role;
select is((select count(*) from answers a where a.answer = 'nothing' or a.answer like 'PT%'), 4::bigint, 'nearly all of it is answered');
select results_eq(
  $$ select call, answer from answers where world = 'blocked' order by step $$,
  $$ select call, answer from answers where world = 'free' order by step $$,
  'whoever is blocked is answered word for word as if not'
);
create function pg_temp.heard(p_topics text) returns setof text language sql security definer as $$
  select pg_temp.normal(event || ' ' || (payload - 'id')::text) from broadcasts where topic like p_topics order by 1
$$;
select results_eq(
  $$ select * from pg_temp.heard('user:' || md5('bob')::uuid) $$, $$ select * from pg_temp.heard('user:' || md5('ben')::uuid) $$, 'and told the same'
);
select results_eq(
  $$ select * from pg_temp.heard('channel:' || pg_temp.pair('ann', 'bob') || ':%') $$, $$ select * from pg_temp.heard('channel:' || pg_temp.pair('amy', 'ben') || ':%') $$,
  'also in the channel of the two'
);
select is(pg_temp.direct_topic(pg_temp.pair('ann', 'bob')) ~ ':0-0$', true, 'which keeps its name');
select results_eq(
  $$ select * from pg_temp.heard('chat:xann_xbob') $$, $$ select * from pg_temp.heard('chat:xamy_xben') $$, 'and on the topic by their other ids'
);
select isnt_empty($$ select * from pg_temp.heard('chat:xann_xbob') $$, 'on which something was told');

-- Who has blocked is shown and told nothing of it.
select is(cardinality(pg_temp.told('ann')), current_setting('test.blocker_before')::integer, 'who has blocked hears nothing of it');
select ok(cardinality(pg_temp.told('amy')) > 5, 'where the other hears all');
select pg_temp.become('ann');
select is(pg_temp.seen(pg_temp.pair('ann', 'bob'), 'there'), '{}', 'sees nothing of the channel');
select is_empty($$ select * from list_direct() $$, 'has none in the list');
select is_empty($$ select * from list_unread() where community_id is null $$, 'and nothing to read');
select is_empty($$ select thread_id from chat_threads union all select thread_id from chat_messages $$, 'no chat by other ids, nor anything of one');
select is(pg_temp.refused_field($$ select * from fetch_chat_history('xann_xbob') $$), 'PT404 not_found _thread_id', 'as if it did not exist');
select is(private.may_receive_chat_topic('chat:xann_xbob'), false, 'is not let into its topic');
select is(pg_temp.refused_field($$ select ensure_chat_thread('xbob') $$), 'PT403 blocked _other_mongo_id', 'and has to unblock to be in it');
select is(pg_temp.refused_field($$ select insert_chat_message('xann_xbob', 'xann', 'xbob', 'hello') $$), 'PT403 blocked _recipient_mongo_id', 'or write there');
select is(pg_temp.refused_field($$ select open_direct(md5('bob')::uuid) $$), 'PT403 blocked p_user_id', 'and has to unblock before writing');
select is(pg_temp.refused_field($$ select open_group(array[md5('bob')::uuid]) $$), 'PT403 blocked p_user_ids', 'also in a group');
select open_group(array[md5('cleo')::uuid], 'anns');
select is(pg_temp.refused_field($$ select add_direct_member(pg_temp.direct_group('anns'), md5('bob')::uuid) $$), 'PT403 blocked p_user_id', 'or to one');

-- A group that the blocked has opened, and others are in.
select set_config('test.told', cardinality(pg_temp.told('ann'))::text, true);
select pg_temp.become('bob');
select open_group(array[md5('ann')::uuid, md5('cat')::uuid], 'bobs');
select send_message(pg_temp.direct_group('bobs'), 'hello ann');
select pg_temp.become('cat');
select is(jsonb_array_length((get_direct(pg_temp.direct_group('bobs'))).members), 3, 'others in a group see whoever was added');
select pg_temp.become('ann');
select is(pg_temp.seen(pg_temp.direct_group('bobs'), 'hello'), '{}', 'who does not see the group');
select is(cardinality(pg_temp.told('ann')), current_setting('test.told')::integer, 'nor hears of it');

-- Unblocked.
reset role;
delete from private.blocks where blocker_id = md5('ann')::uuid;
select pg_temp.become('ann');
select is((select array_agg(kind order by kind) from list_direct()), '{group,group,group,pair}', 'whoever unblocks is shown all of it');
select is((select sum(unread) from list_direct()), 0::numeric, 'and has nothing to catch up with');
select ok((select count(*) from list_messages(pg_temp.pair('ann', 'bob'))) > 2, 'but may');
select ok((select count(*) from chat_messages where thread_id = 'xann_xbob') > 2 and private.may_receive_chat_topic('chat:xann_xbob'), 'in the chat, too');
select is((send_message(pg_temp.pair('ann', 'bob'), 'hello again')).author_id, md5('ann')::uuid, 'and write again');

-- What was there before a block stays in sight: who was added by somebody before they blocked them.
select block_user(md5('bob')::uuid);
select is((select array_agg(name order by name) from list_direct()), '{anns,bobs,four}', 'a group to which the blocked had added one before is still there');
select leave_direct_group(pg_temp.direct_group('bobs'));
select pg_temp.become('bob');
select open_group(array[md5('ann')::uuid, md5('cat')::uuid], 'last');
select send_message(pg_temp.pair('ann', 'bob'), 'one more <@' || md5('ann')::uuid || '>');
select send_message(pg_temp.direct_group('last'), 'one more');
select pg_temp.become('ann');
select is(pg_temp.refused_field($$ select get_direct(pg_temp.direct_group('last')) $$), 'PT404 not_found p_channel_id', 'one that they open then is not');
-- The blocked one is reported without being unblocked.
select is(pg_temp.refusal($$ select report_user(md5('bob')::uuid, 'harassment') $$), 'none', 'whoever has blocked somebody reports them');
select is(pg_temp.refusal(format('select report_message(%L, 3, ''harassment'')', pg_temp.pair('ann', 'bob'))), 'none', 'and what they write');
select pg_temp.become('cat');
select is(pg_temp.refused_field(format('select report_message(%L, 3, ''harassment'')', pg_temp.pair('ann', 'bob'))), 'PT404 not_found p_channel_id', 'which others do not');

-- The blocked account ends, and the block with it.
reset role;
select set_config('test.pair', pg_temp.pair('ann', 'bob')::text, true);
delete from auth.users where id = md5('bob')::uuid;
select pg_temp.become('ann');
select is_empty($$ select * from list_unread() where community_id is null $$, 'the end of the blocked account leaves nothing unread');
select is((select unread from list_direct() where id = current_setting('test.pair')::uuid), 0::bigint, 'what was said is read');
reset role;
select is(
  (select array_agg(event) from broadcasts where topic = 'user:' || md5('ann')::uuid and payload ->> 'channel_id' = current_setting('test.pair') and event <> 'direct_message'),
  '{direct_changed,direct_changed}', 'and nothing was told of the channel between its beginning and that end'
);
select pg_temp.become('ann');
select is(can_view_channel(pg_temp.direct_group('last')), true, 'nobody stays in a group that they are not shown');
select lives_ok($$ select leave_direct_group(pg_temp.direct_group('last')) $$, 'and leaves it');

select * from finish();
rollback;
