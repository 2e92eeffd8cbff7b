begin;
select plan(16);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'dan');
create function pg_temp.unread() returns text[] language sql as $$
  select array(select coalesce(t.name, c.name) || ' ' || u.unread || ' ' || u.mentions
    from list_unread(pg_temp.community()) u
    left join channels c on c.id = u.channel_id
    left join lateral (select g.name from get_thread(u.channel_id) g where u.parent_id is not null) t on true
    order by 1)
$$;
-- What somebody's class, or somebody alone, is told of since the last time: the place and its channel.
create function pg_temp.told(p_name text) returns text[] language plpgsql security definer as $$
declare
  v_told text[];
begin
  perform private.tell_activity();
  v_told := array(
    select event || ' ' || (select t.name from private.threads t where t.id = (c ->> 'channel_id')::uuid) || ' ' || (c ->> 'last_seq')
    from broadcasts m
    cross join jsonb_array_elements(m.payload -> 'channels') as c
    where m.topic in (private.activity_topic(pg_temp.community(), md5(p_name)::uuid), 'user:' || md5(p_name)::uuid)
      and c ->> 'parent_id' = pg_temp.channel()::text
    order by 1
  );
  delete from broadcasts where true;
  return v_told;
end
$$;

select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo', 'dan']) as name;
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('dan')::uuid, '{}', '{view_channel}');
select pg_temp.become('bob');
select create_thread(pg_temp.channel(), 'aside');
select mark_read(pg_temp.channel(), 1);
select send_message(pg_temp.thread(), 'before');
select pg_temp.become('cleo');
select mark_read(pg_temp.channel(), 1);
select is(pg_temp.unread(), '{}', 'a thread that one does not follow is not unread');
select join_thread(pg_temp.thread());
select is(pg_temp.unread(), '{}', 'nor what was written before one follows it');
select pg_temp.become('bob');
select send_message(pg_temp.thread(), '<@' || md5('cleo')::uuid || '>');
select is(pg_temp.unread(), '{}', 'nor what one wrote');
select pg_temp.become('cleo');
select is(pg_temp.unread(), '{"aside 1 1"}', 'what comes after is, with who is mentioned');
select mark_read(pg_temp.thread(), 2);
select is(pg_temp.unread(), '{}', 'until it is read');
select pg_temp.become('bob');
select send_message(pg_temp.thread(), 'more');
select pg_temp.become('cleo');
select leave_thread(pg_temp.thread());
select is(pg_temp.unread(), '{}', 'or one follows it no longer');
select join_thread(pg_temp.thread());
select pg_temp.become('bob');
select send_message(pg_temp.thread(), 'still more');
select update_thread(pg_temp.thread(), p_is_archived => true);
select pg_temp.become('cleo');
select is(pg_temp.unread(), '{}', 'or it is archived');
select send_message(pg_temp.thread(), 'mine');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('bob')::uuid, '{}', '{view_channel}');
select pg_temp.become('bob');
select is(pg_temp.unread(), '{}', 'or one does not see it any more');

-- Who hears that something is new.
reset role;
delete from broadcasts where true;
delete from private.told_activity where channel_id in (pg_temp.channel(), pg_temp.thread());
select is(pg_temp.told('cleo'), '{"channel_activity aside 5"}', 'who sees the channel is told of its threads');
select is(pg_temp.told('cleo'), '{}', 'once');
select pg_temp.become('cleo');
select send_message(pg_temp.thread(), 'again');
reset role;
select is(pg_temp.told('dan'), '{}', 'who does not see the channel is not');
select pg_temp.become('cleo');
select create_thread(pg_temp.channel(), 'between us', p_is_private => true);
select add_thread_member(pg_temp.thread('between us'), md5('ann')::uuid);
select send_message(pg_temp.thread('between us'), 'psst');
reset role;
select is(pg_temp.told('ann'), '{"thread_activity between us 1"}', 'of a private one its members are');
select pg_temp.become('cleo');
select send_message(pg_temp.thread('between us'), 'psst');
reset role;
select private.tell_activity();
select is(
  (select count(*) from broadcasts where topic like 'activity:%' and payload::text like '%' || pg_temp.thread('between us') || '%'), 0::bigint, 'and no class of members'
);
select is(
  array(select topic from broadcasts where event = 'thread_activity' and payload::text like '%' || pg_temp.thread('between us') || '%' order by 1), array(select 'user:' || md5(n)::uuid from unnest(array['ann', 'cleo']) as n order by 1), 'each by themselves'
);
select pg_temp.become('cleo');
select send_message(pg_temp.thread('between us'), 'psst');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('cleo')::uuid, '{}', '{view_channel}');
reset role;
delete from broadcasts where true;
select is(pg_temp.told('cleo'), '{}', 'but who does not see its channel any more');
select pg_temp.become('ann');
select kick_member(pg_temp.community(), md5('cleo')::uuid);
reset role;
select is((select count(*) from private.thread_members where user_id = md5('cleo')::uuid), 0::bigint, 'who is out follows nothing');

select * from finish();
rollback;
