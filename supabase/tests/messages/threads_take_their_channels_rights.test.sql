begin;
select plan(48);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'cleo', 'outsider');
create function pg_temp.mine(p_id uuid) returns text[] language sql as
$$ select array(select k from unnest(my_permissions(pg_temp.community(), p_id)) as k order by k collate "C") $$;
-- What the default role may in the channel: allowed, denied.
create function pg_temp.everybody(p_allow text[], p_deny text[] default '{}') returns void language sql as
$$ select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('everyone'), p_allow, p_deny) $$;

select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'wardens', '{manage_threads}');
select create_channel(pg_temp.community(), 'hall', 'voice');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'cleo']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('wardens'));
select send_message(pg_temp.channel(), 'hello');
select pg_temp.everybody('{send_in_threads,create_threads,read_history,send_messages}', '{attach_files}');

-- Opening one.
select pg_temp.become('bob');
select is((create_thread(pg_temp.channel(), 'aside')).owner_id, md5('bob')::uuid, 'who may opens a thread');
select is(
  (select array[kind, author_id::text, body] from get_message(pg_temp.channel(), 2)), array['thread_created', md5('bob')::uuid::text, 'aside'], 'and the server says so'
);
select pg_temp.become('ann');
select pg_temp.everybody('{send_in_threads,read_history,send_messages}', '{attach_files,create_threads}');
select pg_temp.become('cleo');
select is(
  pg_temp.refused_permission($$ select create_thread(pg_temp.channel(), 'x') $$), 'PT403 missing_permission create_threads', 'who may not does not'
);
select is(
  pg_temp.refused_permission($$ select create_thread(pg_temp.channel(), 'x', 1) $$), 'PT403 missing_permission create_threads', 'nor on a message'
);
select pg_temp.become('ann');
select is(
  pg_temp.refused_permission($$ select create_thread(pg_temp.thread(), 'x') $$), 'PT403 missing_permission create_threads', 'a thread has none of its own, not even the owner''s'
);
select is(
  pg_temp.refused_field($$ select create_thread(pg_temp.channel('hall'), 'x') $$), 'PT422 invalid_argument p_channel_id', 'nor has a voice channel'
);

select pg_temp.become('ann');
select pg_temp.everybody('{create_threads,read_history}', '{send_messages}');
select pg_temp.become('cleo');
select is(
  pg_temp.refused_permission($$ select create_thread(pg_temp.channel(), 'BUY') $$), 'PT403 missing_permission send_messages', 'who writes nothing in the channel writes no thread''s name in it'
);
select is(pg_temp.refusal($$ select create_thread(pg_temp.channel(), 'talk about it', 1) $$), 'none', 'but opens one on what stands there');
select pg_temp.become('ann');
select pg_temp.everybody('{send_in_threads,create_threads,read_history,send_messages}', '{attach_files}');
select update_channel(pg_temp.channel(), p_slow_mode_seconds => 3600);
select pg_temp.become('cleo');
select is(pg_temp.refusal($$ select create_thread(pg_temp.channel(), 'one') $$), 'none', 'in slow mode there is one');
select is(pg_temp.refusal($$ select create_thread(pg_temp.channel(), 'two') $$), 'PT429 slow_mode', 'and then a wait');
select pg_temp.become('ann');
select update_channel(pg_temp.channel(), p_slow_mode_seconds => 0);
select pg_temp.everybody('{send_in_threads,read_history,send_messages}', '{attach_files,create_threads}');

-- send_in_threads in place of send_messages.
select pg_temp.become('bob');
select is(
  pg_temp.mine(pg_temp.thread()), array['add_reactions', 'embed_links', 'read_history', 'send_in_threads', 'send_messages', 'view_channel'],
  'a thread gives what its channel gives and there is in threads'
);
select is((send_message(pg_temp.thread(), 'in it')).seq, 1::bigint, 'and is written in as a channel');
select pg_temp.become('ann');
select pg_temp.everybody('{read_history,send_messages}', '{attach_files,create_threads,send_in_threads}');
select pg_temp.become('cleo');
select ok(can_send_in_channel(pg_temp.channel()), 'who writes in the channel and not in threads');
select ok(not can_send_in_channel(pg_temp.thread()), 'does not in the thread');
select is(
  pg_temp.refused_permission($$ select send_message(pg_temp.thread(), 'x') $$), 'PT403 missing_permission send_messages', 'is refused there'
);
select is(pg_temp.mine(pg_temp.thread()), array['add_reactions', 'read_history', 'view_channel'], 'and shows no links there either');
select pg_temp.become('ann');
select pg_temp.everybody('{read_history,send_in_threads}', '{send_messages}');
select pg_temp.become('cleo');
select ok(not can_send_in_channel(pg_temp.channel()), 'who writes in threads and not in the channel');
select ok(can_send_in_channel(pg_temp.thread()), 'does in the thread');
select is(
  pg_temp.mine(pg_temp.thread()), array['add_reactions', 'read_history', 'send_in_threads', 'send_messages', 'view_channel'],
  'without what only goes along with writing in the channel'
);

-- What there is of a channel is not in a thread.
select pg_temp.become('ann');
select is(
  pg_temp.mine(pg_temp.thread()),
  array['add_reactions', 'attach_files', 'bypass_slow_mode', 'embed_links', 'manage_messages', 'manage_threads', 'mention_everyone', 'pin_messages', 'read_history', 'send_in_threads', 'send_messages', 'view_channel'],
  'the owner has all there is'
);
select is(
  array(
    select distinct pg_temp.refused_permission(format(call, pg_temp.thread())) from unnest(array[
      'select update_channel(%L, ''x'')', 'select delete_channel(%L)', 'select move_channel(%L, null, 0)'
    ]) as call
  ), '{"PT403 missing_permission manage_channels"}', 'a thread is not administered as a channel'
);
select is(
  array(
    select distinct pg_temp.refused_permission(format(call, pg_temp.thread())) from unnest(array[
      'select set_channel_overwrite(%L, ''role'', pg_temp.role(''everyone''), ''{add_reactions}'')', 'select * from list_channel_overwrites(%L)',
      'select clear_channel_overwrite(%L, ''role'', pg_temp.role(''everyone''))', 'select sync_channel_with_group(%L)'
    ]) as call
  ), '{"PT403 missing_permission manage_roles"}', 'and has no overwrites'
);
select is(
  pg_temp.refused_field($$ select explain_permission(pg_temp.thread(), md5('ann')::uuid, 'send_messages') $$), 'PT404 not_found p_channel_id', 'why is asked of its channel'
);
select is((select count(*) from list_channels(pg_temp.community())), 2::bigint, 'threads are not listed as channels');
select is(my_permissions(pg_temp.community(), pg_temp.thread()) @> '{manage_threads}', true, 'what one may in it is asked as of a channel');
select create_community('Zig');
select is(
  pg_temp.refused_field($$ select my_permissions(pg_temp.community('Zig'), pg_temp.thread()) $$), 'PT404 not_found p_channel_id', 'of its own community'
);

-- Locked.
select pg_temp.everybody('{read_history,send_in_threads,send_messages,pin_messages}');
select pg_temp.become('bob');
select is(
  pg_temp.refused_permission($$ select update_thread(pg_temp.thread(), p_is_locked => true) $$), 'PT403 missing_permission manage_threads', 'who opened it does not lock it'
);
select pg_temp.become('max');
select is((update_thread(pg_temp.thread(), p_is_locked => true)).is_locked, true, 'who manages threads does');
select pg_temp.become('bob');
select is(pg_temp.mine(pg_temp.thread()), array['read_history', 'view_channel'], 'a locked one is read');
select is(pg_temp.refused_permission($$ select send_message(pg_temp.thread(), 'x') $$), 'PT403 missing_permission send_messages', 'and not written in');
select is(pg_temp.refused_permission($$ select edit_message(pg_temp.thread(), 1, 'x') $$), 'PT403 missing_permission send_messages', 'nor edited in');
select is(pg_temp.refused_permission($$ select add_reaction(pg_temp.thread(), 1, '👍') $$), 'PT403 missing_permission add_reactions', 'nor reacted in');
select is(
  pg_temp.refused_permission($$ select update_thread(pg_temp.thread(), 'mine') $$), 'PT403 missing_permission send_messages', 'nor renamed by who opened it'
);
select pg_temp.become('max');
select lives_ok($$ select send_message(pg_temp.thread(), 'a last word') $$, 'but by who manages threads');
select update_thread(pg_temp.thread(), p_is_locked => false);
select pg_temp.become('bob');
select lives_ok($$ select send_message(pg_temp.thread(), 'go on') $$, 'until it is unlocked');

-- A timeout.
select pg_temp.become('ann');
select timeout_member(pg_temp.community(), md5('bob')::uuid, clock_timestamp() + interval '1 hour');
select pg_temp.become('bob');
select is(pg_temp.mine(pg_temp.thread()), array['read_history', 'view_channel'], 'a timeout leaves seeing and reading');
select is(pg_temp.refusal($$ select send_message(pg_temp.thread(), 'x') $$), 'PT403 timed_out', 'and is told');
select is(pg_temp.refusal($$ select update_thread(pg_temp.thread(), 'x') $$), 'PT403 timed_out', 'also to who would rename it');

-- Who does not see the channel, does not see its threads.
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('cleo')::uuid, '{}', '{view_channel}');
select pg_temp.become('cleo');
select is(
  array(
    select distinct pg_temp.refused_field(format(call, pg_temp.thread())) from unnest(array[
      'select * from list_messages(%L)', 'select send_message(%L, ''x'')', 'select sync_channel(%L)', 'select mark_read(%L, 1)', 'select start_typing(%L)'
    ]) as call
  ), '{"PT404 not_found p_channel_id"}', 'who loses the channel loses its threads'
);
select is(pg_temp.refused_field($$ select get_thread(pg_temp.thread()) $$), 'PT404 not_found p_thread_id', 'whole');
select ok(not can_view_channel(pg_temp.thread()), 'as they are told');
select pg_temp.become('outsider');
select is(pg_temp.refused_field($$ select get_thread(pg_temp.thread()) $$), 'PT404 not_found p_thread_id', 'an outsider never saw any');
select is(pg_temp.refused_field($$ select * from list_threads(pg_temp.channel()) $$), 'PT404 not_found p_channel_id', 'nor how many there are');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('cleo')::uuid, '{view_channel}', '{read_history}');
select pg_temp.become('cleo');
select is(
  pg_temp.refused_permission($$ select * from list_threads(pg_temp.channel()) $$), 'PT403 missing_permission read_history', 'who does not read the history does not see its threads'
);
select is(
  pg_temp.refused_permission($$ select create_thread(pg_temp.channel(), 'x', 1) $$), 'PT403 missing_permission read_history', 'nor opens one on a message'
);
select pg_temp.become('ann');
select is(pg_temp.refused_field($$ select get_thread(pg_temp.channel()) $$), 'PT404 not_found p_thread_id', 'a channel is no thread');
select pg_temp.become('cleo');
select is(pg_temp.refused_field($$ select sync_channel(pg_temp.thread()) $$), 'PT404 not_found p_channel_id', 'nor knows of any');
reset role;
select is_empty(
  $$ select from private.channel_access a join private.threads t on t.id = a.channel_id $$, 'no answer is stored for a thread'
);

select * from finish();
rollback;
