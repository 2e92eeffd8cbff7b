begin;
select plan(31);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo');
create function pg_temp.listed(p_is_archived boolean) returns text[] language sql as
$$ select array(select t.name from list_threads(pg_temp.channel(), p_is_archived) t) $$;
-- Lets time pass for one thread.
create function pg_temp.wait(p_id uuid, p_for interval) returns void language plpgsql security definer as $$
begin
  update private.threads t set opened_at = t.opened_at - p_for, silence_at = t.silence_at - p_for, archived_at = t.archived_at - p_for where t.id = p_id;
  update private.channel_heads h set last_message_at = h.last_message_at - p_for where h.channel_id = p_id;
end
$$;
create function pg_temp.told(p_id uuid) returns text[] language plpgsql security definer as $$
declare
  v_told text[] := array(select event from broadcasts where topic = private.channel_topic(p_id) order by event);
begin
  delete from broadcasts where true;
  return v_told;
end
$$;

select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo']) as name;
select pg_temp.become('bob');
select create_thread(pg_temp.channel(), 'aside', p_archive_after_minutes => 60);
select create_thread(pg_temp.channel(), 'other', p_archive_after_minutes => 60);
select send_message(pg_temp.thread(), 'one');

select is(pg_temp.listed(false), '{other,aside}', 'open threads are listed, the newest first');
select is(pg_temp.listed(true), '{}', 'and none in the archive');
select pg_temp.wait(pg_temp.thread(), '59 minutes');
select is(pg_temp.listed(false), '{other,aside}', 'before its stretch of silence is over a thread is open');
select pg_temp.wait(pg_temp.thread(), '2 minutes');
select is(pg_temp.listed(false), '{other}', 'after it, it is not, before anybody has swept');
select is(pg_temp.listed(true), '{aside}', 'but in the archive');
select is((select archived_at < now() from get_thread(pg_temp.thread())), true, 'since it fell silent');
select is(pg_temp.refused_field('select * from list_threads(pg_temp.channel(), null)'), 'PT422 invalid_argument p_is_archived', 'one or the other is asked for');

-- The sweep, of as many as there may be of others.
reset role;
delete from broadcasts where true;
select private.sweep_threads(1000000);
select is((select archived_at is not null from private.threads where id = pg_temp.thread()), true, 'the sweep stores it');
select is((select archived_at from private.threads where id = pg_temp.thread('other')), null, 'and nothing of what is open');
select is(pg_temp.told(pg_temp.channel()), '{message_threaded}', 'and its channel is told');
select private.sweep_threads(1000000);
select is(pg_temp.told(pg_temp.channel()), '{}', 'once');
select pg_temp.become('cleo');
select is((select thread ->> 'archived_at' is not null from get_message(pg_temp.channel(), 1)), true, 'its message shows it');
select is(array(select body from list_messages(pg_temp.thread())), '{one}', 'what is archived is read');
select is((select is_member from get_thread(pg_temp.thread())), false, 'who only reads does not follow');

-- A message opens it again.
select lives_ok($$ select send_message(pg_temp.thread(), 'two') $$, 'and written in');
select is(pg_temp.listed(false), '{other,aside}', 'which opens it again');
select is((select is_member from get_thread(pg_temp.thread())), true, 'the writer follows it');
reset role;
select private.tell_threads();
select pg_temp.become('cleo');
select is((select thread -> 'archived_at' from get_message(pg_temp.channel(), 1)), 'null'::jsonb, 'its message shows it, with how far it has come');

-- What was written since puts the sweep off.
select pg_temp.wait(pg_temp.thread(), '61 minutes');
select send_message(pg_temp.thread(), 'three');
reset role;
select private.sweep_threads(1000000);
select is((select array[archived_at is null, silence_at > now() + interval '50 minutes'] from private.threads where id = pg_temp.thread()), '{true,true}', 'a thread that was written in is looked at again later');

-- By hand.
select pg_temp.become('cleo');
select is(
  pg_temp.refused_permission($$ select update_thread(pg_temp.thread(), p_is_archived => true) $$), 'PT403 missing_permission manage_threads', 'not everybody archives it'
);
select pg_temp.become('bob');
select is((update_thread(pg_temp.thread(), p_is_archived => true)).archived_at is not null, true, 'who opened it does');
select is(pg_temp.listed(false), '{other}', 'at once');
select is((update_thread(pg_temp.thread(), p_is_archived => false)).archived_at, null, 'and takes it out');

-- Pages.
select create_thread(pg_temp.channel(), 'thread ' || n) from generate_series(1, 5) as n;
select is(array(select name from list_threads(pg_temp.channel(), p_before_id => pg_temp.thread('thread 4'), p_limit => 2)), '{"thread 3","thread 2"}', 'they are listed in pages');
select is(pg_temp.refused_field('select * from list_threads(pg_temp.channel(), p_limit => 101)'), 'PT422 invalid_argument p_limit', 'of at most 100');

-- How many are open.
reset role;
insert into private.threads (community_id, channel_id, kind, name, owner_id, archive_after_minutes, silence_at)
select pg_temp.community(), pg_temp.channel(), 'private', 'mine', md5('cleo')::uuid, 60, now() + interval '1 hour' from generate_series(1, 50);
select pg_temp.become('cleo');
select is(pg_temp.refusal($$ select create_thread(pg_temp.channel(), 'one more') $$, 'max'), 'PT409 limit_reached 50', 'nobody has more than 50 in a channel');
reset role;
delete from private.threads where channel_id = pg_temp.channel() and name = 'mine';
insert into private.threads (community_id, channel_id, kind, name, archive_after_minutes, silence_at)
select pg_temp.community(), pg_temp.channel(), 'public', 'many', 60, now() + interval '1 hour' from generate_series(1, 993);
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select create_thread(pg_temp.channel(), 'one more') $$, 'max'), 'PT409 limit_reached 1000', 'a channel has 1,000 open ones');
select update_thread(pg_temp.thread('other'), p_is_archived => true);
select is(pg_temp.refusal($$ select create_thread(pg_temp.channel(), 'one more') $$), 'none', 'the archive is not counted');
select is(
  pg_temp.refusal($$ select update_thread(pg_temp.thread('other'), p_is_archived => false) $$, 'max'), 'PT409 limit_reached 1000', 'out of which none comes when it is full'
);
select is(pg_temp.refusal($$ select send_message(pg_temp.thread('other'), 'x') $$, 'max'), 'PT409 limit_reached 1000', 'not by a message either');
select is(array(select body from list_messages(pg_temp.thread('other'))), '{}', 'which is not sent then');

select * from finish();
rollback;
