begin;
select plan(35);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'zoe');
create function pg_temp.reactions(p_seq bigint default 1) returns text language sql as $$
  select string_agg((r ->> 'emoji') || (r ->> 'count'), ' ' order by n) || ' mine ' || array_to_string(m.my_reactions, ' ')
  from get_message(pg_temp.channel(), p_seq) m, jsonb_array_elements(m.reactions) with ordinality as e (r, n)
  group by m.my_reactions
$$;
select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'managers', '{manage_messages}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));
select send_message(pg_temp.channel(), 'hello');
select send_message(pg_temp.channel(), 'hello again');
reset role;
delete from broadcasts where true;

select add_reaction(pg_temp.channel(), 1, '🎉') from pg_temp.become('ann');
select pg_temp.become('bob');
select lives_ok($$ select add_reaction(pg_temp.channel(), 1, '🎉') $$, 'a member reacts');
select lives_ok($$ select add_reaction(pg_temp.channel(), 1, '👍🏽') $$, 'also with more than one thing');
select is(pg_temp.reactions(), '🎉2 👍🏽1 mine 🎉 👍🏽', 'who reads the message sees how many reacted, and what is their own');
select pg_temp.become('ann');
select is(pg_temp.reactions(), '🎉2 👍🏽1 mine 🎉', 'each their own');
select results_eq(
  $$ select my_reactions from list_messages(pg_temp.channel()) order by seq $$, $$ values ('{🎉}'::text[]), ('{}') $$, 'on a page too'
);
select is((select c -> 'message' -> 'my_reactions' from jsonb_array_elements(sync_channel(pg_temp.channel(), 0) -> 'changes') c limit 1), '["🎉"]', 'and in the feed');
reset role;
select results_eq(
  $$ select event, payload -> 'reaction', payload -> 'message' -> 'reactions', payload -> 'message' ? 'my_reactions'
     from broadcasts where topic = private.channel_topic(pg_temp.channel()) order by (payload ->> 'revision')::bigint $$,
  $$ select 'message_reacted', jsonb_build_object('emoji', e, 'user_id', md5(n)::uuid, 'is_added', true), r::jsonb, false
     from (values
       ('🎉', 'ann', '[{"emoji": "🎉", "count": 1}]'), ('🎉', 'bob', '[{"emoji": "🎉", "count": 2}]'),
       ('👍🏽', 'bob', '[{"emoji": "🎉", "count": 2}, {"emoji": "👍🏽", "count": 1}]')
     ) as v (e, n, r) $$,
  'each is told once, with what there is now and what came'
);

-- Again, and back.
select set_config('test.revision', (select revision::text from private.channel_heads where channel_id = pg_temp.channel()), true);
select pg_temp.become('bob');
select add_reaction(pg_temp.channel(), 1, '🎉');
select remove_reaction(pg_temp.channel(), 1, '🚀');
reset role;
select is((select revision::text from private.channel_heads where channel_id = pg_temp.channel()), current_setting('test.revision'), 'the same again, or taking back what is not there, is no change');
select pg_temp.become('bob');
select remove_reaction(pg_temp.channel(), 1, '🎉');
select is(pg_temp.reactions(), '🎉1 👍🏽1 mine 👍🏽', 'what is taken back counts no longer');
select remove_reaction(pg_temp.channel(), 1, '👍🏽');
select is(pg_temp.reactions(), '🎉1 mine ', 'what nobody reacts with is gone');
select pg_temp.become('ann');
select results_eq(
  $$ select user_id, username is not null, display_name from list_reactions(pg_temp.channel(), 1, '🎉') $$, $$ select p.id, true, p.display_name from public.profiles p where p.id = md5('ann')::uuid $$, 'who reacted can be read'
);
select pg_temp.become('bob');
select add_reaction(pg_temp.channel(), 1, '🎉');
select is(
  array(select user_id from list_reactions(pg_temp.channel(), 1, '🎉', p_limit => 1)) || array(
    select user_id from list_reactions(pg_temp.channel(), 1, '🎉', (select user_id from list_reactions(pg_temp.channel(), 1, '🎉', p_limit => 1)))
  ),
  array(select u.id from unnest(array[md5('ann')::uuid, md5('bob')::uuid]) as u (id) order by u.id), 'page by page'
);
select is(pg_temp.refused_field($$ select list_reactions(pg_temp.channel(), 1, '🎉', p_limit => 101) $$), 'PT422 invalid_argument p_limit', 'of at most 100');

-- What is an emoji.
select is_empty(
  $$ select e from unnest(array['👍', '❤️', '👩‍👩‍👧‍👦', '🏳️‍🌈', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '#⃣', '🇩🇪', '☕', '©️', '🫠', '⏰', '↔️']) as e
     where pg_temp.refusal(format('select add_reaction(pg_temp.channel(), 2, %L)', e)) <> 'none' $$,
  'an emoji is one, whatever it is put together from'
);
select is_empty(
  $$ select e from unnest(array['a', '', ' ', 'ok', '1', '#', '👍a', '👍 ', E'\u200d', E'\ufe0f', 'й', '中', E'👍\n', '<b>', repeat('👍', 21), null]) as e
     where pg_temp.refused_field(format('select add_reaction(pg_temp.channel(), 2, %L)', e)) <> 'PT422 invalid_argument p_emoji' $$,
  'anything else is none'
);
select add_reaction(pg_temp.channel(), 2, e) from unnest(array['😀', '😁', '😂', '😃', '😄', '😅', '😆']) as e;
select is(pg_temp.refusal($$ select add_reaction(pg_temp.channel(), 2, '😇') $$), 'PT409 limit_reached', 'a message has 20 different ones');
select pg_temp.become('ann');
select is(pg_temp.refusal($$ select add_reaction(pg_temp.channel(), 2, '😆') $$), 'none', 'each of which others may add to');
reset role;
select is(
  (select jsonb_object_agg(r ->> 'emoji', r -> 'count') from public.messages m, jsonb_array_elements(m.reactions) r where m.channel_id = pg_temp.channel() and m.seq = 2),
  (select jsonb_object_agg(emoji, n) from (select emoji, count(*) as n from private.reactions where channel_id = pg_temp.channel() and seq = 2 group by emoji) c),
  'what is counted is what there is'
);

-- Clearing.
select pg_temp.become('bob');
select is(pg_temp.refused_permission('select clear_reactions(pg_temp.channel(), 2)'), 'PT403 missing_permission manage_messages', 'nobody takes others'' reactions away');
select pg_temp.become('max');
select lives_ok($$ select clear_reactions(pg_temp.channel(), 1, '🎉') $$, 'but who manages messages');
select is((select reactions from get_message(pg_temp.channel(), 1)), '[]', 'one emoji''s');
select lives_ok($$ select clear_reactions(pg_temp.channel(), 2) $$, 'or all of them');
select is(pg_temp.refused_field('select clear_reactions(pg_temp.channel(), 99)'), 'PT404 not_found p_seq', 'of a message that is there');
select is((select reactions from get_message(pg_temp.channel(), 2)), '[]', 'at once');
reset role;
select is((select count(*) from private.reactions where channel_id = pg_temp.channel()), 0::bigint, 'and nobody has reacted any more');

-- Who does not.
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'), p_deny => '{add_reactions}');
select pg_temp.become('bob');
select is(pg_temp.refused_permission($$ select add_reaction(pg_temp.channel(), 1, '🎉') $$), 'PT403 missing_permission add_reactions', 'who may not react does not');
select lives_ok($$ select remove_reaction(pg_temp.channel(), 1, '🎉') $$, 'but takes back what is their own');
select pg_temp.become('ann');
select clear_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'));
select timeout_member(pg_temp.community(), md5('bob')::uuid, now() + interval '1 hour');
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select add_reaction(pg_temp.channel(), 1, '🎉') $$), 'PT403 timed_out', 'nor does who is timed out');
select pg_temp.become('zoe');
select is(pg_temp.refused_field($$ select add_reaction(pg_temp.channel(), 1, '🎉') $$), 'PT404 not_found p_channel_id', 'nor an outsider');
select is(pg_temp.refused_field($$ select remove_reaction(pg_temp.channel(), 1, '🎉') $$), 'PT404 not_found p_channel_id', 'who takes nothing back');
select is(pg_temp.refused_field($$ select list_reactions(pg_temp.channel(), 1, '🎉') $$), 'PT404 not_found p_channel_id', 'and reads nobody''s');
select pg_temp.become('max');
select is(pg_temp.refused_field($$ select add_reaction(pg_temp.channel(), 99, '🎉') $$), 'PT404 not_found p_seq', 'what is not there nobody reacts to');

-- Who leaves.
select pg_temp.become('bob');
select remove_reaction(pg_temp.channel(), 1, '🎉');
reset role;
insert into private.reactions (channel_id, seq, emoji, user_id) values (pg_temp.channel(), 2, '🚪', md5('zoe')::uuid);
select pg_temp.become('ann');
select results_eq($$ select user_id, username, display_name from list_reactions(pg_temp.channel(), 2, '🚪') $$, $$ select md5('zoe')::uuid, null::text, null::text $$, 'what who is no member is called is not for members');
select pg_temp.become('max');

-- An account that ends.
select add_reaction(pg_temp.channel(), 1, '🎉');
reset role;
delete from auth.users where id = md5('max')::uuid;
select pg_temp.become('ann');
select is(pg_temp.reactions(), '🎉1 mine ', 'a reaction outlives its account');
select results_eq($$ select username, display_name from list_reactions(pg_temp.channel(), 1, '🎉') $$, $$ values (null::text, null::text) $$, 'and is nobody''s');

select * from finish();
rollback;
