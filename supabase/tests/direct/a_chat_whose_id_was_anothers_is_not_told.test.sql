begin;
select plan(15);
\ir ../shared.psql
\ir ../direct.psql

-- eve was linked to the id that is ann's, by mistake, and has written with bob.
select pg_temp.sign_up('owner', 'ann', 'bob', 'eve');
select pg_temp.become('owner');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['ann', 'bob', 'eve']) as name;
select private.link_external_identity(md5(name)::uuid, private.chat_provider(), id) from (values ('eve', 'a1'), ('bob', 'b2')) as links (name, id);
create function pg_temp.told() returns text[] language sql security definer as $$
  select array(select payload -> 'record' ->> 'body' from broadcasts where topic = 'chat:a1_b2' order by 1)
$$;

select pg_temp.become('eve');
select insert_chat_message('a1_b2', 'a1', 'b2', 'of eve');
select is(private.may_receive_chat_topic('chat:a1_b2'), true, 'who has an id hears its chats');
select is(pg_temp.told(), '{"of eve"}', 'which are told');

-- Put right: eve may still have the topic open, and Realtime would repeat to ann what was said there.
reset role;
select private.unlink_external_identity(md5('eve')::uuid, private.chat_provider());
select private.link_external_identity(md5('ann')::uuid, private.chat_provider(), 'a1');
select pg_temp.become('ann');
select is((insert_chat_message('a1_b2', 'a1', 'b2', 'of ann')).sender_supabase_id, md5('ann')::uuid, 'the id''s new holder writes at once');
select is((select array_agg(body) from chat_messages where thread_id = 'a1_b2'), '{"of ann"}', 'and reads what is theirs, nothing of before');
select is((select array_agg(body) from fetch_chat_history('a1_b2')), '{"of ann"}', 'by either way');
select is(pg_temp.told(), '{"of eve"}', 'but it is not told on a topic that another may still have open');
select is(private.may_receive_chat_topic('chat:a1_b2'), false, 'nor is the topic joined, on which the other''s was told');
select pg_temp.become('bob');
select is(private.may_receive_chat_topic('chat:a1_b2'), false, 'by nobody');
select is((select array_agg(body) from chat_messages where thread_id = 'a1_b2'), '{"of ann"}', 'the other reads under this name what is written under it now');
select is((select count(*) from messages where body in ('of eve', 'of ann')), 2::bigint, 'and all of it in the direct channels');
select pg_temp.become('eve');
select is(private.may_receive_chat_topic('chat:a1_b2'), false, 'least of all by who had the id');
select is(pg_temp.refused_field($$ select * from fetch_chat_history('a1_b2') $$), 'PT404 not_found _thread_id', 'who reads nothing by it');
select is_empty($$ select thread_id from chat_threads union all select thread_id from chat_messages $$, 'and has no chats');

-- When neither token nor broadcast of then is there any more.
reset role;
update private.former_external_identities set ended_at = ended_at - interval '4 days 1 second' where user_id in (select md5(n)::uuid from unnest(array['ann', 'bob', 'eve']) as n);
select pg_temp.become('ann');
select is(private.may_receive_chat_topic('chat:a1_b2'), true, 'after 4 days it is as any other');
select insert_chat_message('a1_b2', 'a1', 'b2', 'at last');
select is(pg_temp.told(), '{"at last","of eve"}', 'and told');

select * from finish();
rollback;
