begin;
select plan(22);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'cleo', 'zoe');
create function pg_temp.topic(p_name text) returns text language sql security definer as $$ select private.activity_topic(pg_temp.community(), md5(p_name)::uuid) $$;
-- What each would have heard of, as channel and number, since the last time it was asked.
create function pg_temp.heard(p_name text) returns text language plpgsql security definer as $$
declare
  v_heard text;
begin
  select string_agg(c.name || ' ' || (e.item ->> 'last_seq'), ', ' order by c.name) into v_heard
  from broadcasts r
  cross join jsonb_array_elements(r.payload -> 'channels') as e (item)
  join public.channels c on c.id = (e.item ->> 'channel_id')::uuid
  where r.event = 'channel_activity' and r.topic = pg_temp.topic(p_name);
  return v_heard;
end
$$;
create function pg_temp.forget() returns void language sql security definer as $$ delete from broadcasts where true $$;
create function pg_temp.may_receive(p_name text, p_topic text) returns boolean language plpgsql as $$
declare
  v_may boolean;
begin
  perform pg_temp.become(p_name);
  v_may := private.may_receive_activity_topic(p_topic);
  perform set_config('role', 'none', true);
  return v_may;
end
$$;

select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'staff');
select create_role(pg_temp.community(), 'staff');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('staff'), '{view_channel}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'cleo']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5(name)::uuid, pg_temp.role('staff')) from unnest(array['max', 'cleo']) as name;
select send_message(pg_temp.channel(), 'message ' || n) from generate_series(1, 3) as n;
select send_message(pg_temp.channel('staff'), 'secret');
reset role;
select pg_temp.forget();
select private.tell_activity();
select is(pg_temp.heard('max'), 'general 3, staff 1', 'who sees the channels hears that something is new, once');
select is(pg_temp.heard('ann'), 'general 3, staff 1', 'the owner too');
select is(pg_temp.heard('bob'), 'general 3', 'who does not see one hears nothing of it');
select is(
  (select count(*) from broadcasts where event = 'channel_activity' and payload ->> 'community_id' = pg_temp.community()::text), 3::bigint, 'in one event for each class'
);
select pg_temp.forget();
select private.tell_activity();
select is_empty($$ select from broadcasts where payload ->> 'community_id' = pg_temp.community()::text $$, 'nothing is told twice');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'more');
select add_reaction(pg_temp.channel(), 1, '👍');
reset role;
select pg_temp.forget();
select private.tell_activity();
select is(pg_temp.heard('bob'), 'general 4', 'what comes next is');
select pg_temp.become('bob');
select add_reaction(pg_temp.channel(), 2, '👍');
select edit_message(pg_temp.channel(), 4, 'another');
reset role;
select pg_temp.forget();
select private.tell_activity();
select is_empty($$ select from broadcasts where payload ->> 'community_id' = pg_temp.community()::text $$, 'only what is new is news');

-- Who may listen.
select pg_temp.become('max');
select is(list_topics(pg_temp.community()) ->> 'activity_topic', pg_temp.topic('max'), 'a member learns where to listen');
reset role;
select is(pg_temp.topic('cleo'), pg_temp.topic('max'), 'who sees the same listens at the same place');
select ok(pg_temp.may_receive('max', pg_temp.topic('max')), 'and may');
select ok(not pg_temp.may_receive('bob', pg_temp.topic('max')), 'nobody else of the community');
select ok(not pg_temp.may_receive('zoe', pg_temp.topic('max')), 'nor from outside');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select list_topics(pg_temp.community())'), 'PT404 not_found p_community_id', 'who learns no topic');
reset role;
select is(
  (select count(*) from unnest(array['activity:', 'activity:x:1-1', pg_temp.topic('max') || '0', replace(pg_temp.topic('max'), 'activity', 'channel')]) as t (name) where pg_temp.may_receive('max', t.name)),
  0::bigint, 'another name is no topic'
);
select set_config('test.topic', pg_temp.topic('max'), true);
select set_config('test.bob', pg_temp.topic('bob'), true);

-- Who sees less afterwards hears no more.
select pg_temp.become('ann');
select revoke_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('staff'));
reset role;
select isnt(pg_temp.topic('cleo'), current_setting('test.topic'), 'when somebody loses a channel those who keep it listen elsewhere');
select ok(not pg_temp.may_receive('max', current_setting('test.topic')), 'and the old name is nobody''s');
select is(pg_temp.topic('max'), current_setting('test.bob'), 'those who gain nobody''s loss stay where they are');
select pg_temp.become('ann');
select send_message(pg_temp.channel('staff'), 'another secret');
select kick_member(pg_temp.community(), md5('cleo')::uuid);
reset role;
select isnt(pg_temp.topic('max'), current_setting('test.bob'), 'a departure moves them all');
select ok(not pg_temp.may_receive('cleo', pg_temp.topic('max')), 'who has left listens nowhere');
select pg_temp.forget();
select private.tell_activity();
select is(pg_temp.heard('max'), null, 'who saw a channel once hears nothing of it now');
select is((select count(*) from broadcasts where event = 'channel_activity' and topic in (current_setting('test.topic'), current_setting('test.bob'))), 0::bigint, 'and no old name is told anything');

-- A grant that has ended, and is not swept.
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('bob')::uuid, pg_temp.role('staff'), now() + interval '1 hour');
reset role;
update public.community_members set access_expires_at = now() where access_expires_at is not null and community_id = pg_temp.community();
select is(pg_temp.topic('bob'), null, 'what a grant has opened is closed at its end');

select * from finish();
rollback;
