begin;
select plan(12);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'outsider');

-- ann owns a community with a channel that bob, a member, may view and one that he may not.
insert into public.communities (id, name, owner_id, topic_epoch) values ('c0000000-0000-4000-8000-000000000001', 'Rust', md5('ann')::uuid, 3);
insert into public.roles (community_id, id, name, position, permissions) values
  ('c0000000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000000', 'everyone', 0, private.permission_mask('view_channel', 'read_history'));
insert into public.channels (community_id, id, kind, name, position, topic_epoch) values
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000001', 'text', 'open', 0, 7),
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000002', 'text', 'closed', 1, 7);
insert into public.channel_overwrites (community_id, channel_id, role_id, deny) values
  ('c0000000-0000-4000-8000-000000000001', 'e0000000-0000-4000-8000-000000000002', 'd0000000-0000-4000-8000-000000000000', private.permission_mask('view_channel'));
select private.add_member('c0000000-0000-4000-8000-000000000001', md5(name)::uuid)
from unnest(array['ann', 'bob']) as name;

create temp table hostile (topic text);
insert into hostile values
  (''), (':'), ('::'), ('channel'), ('channel:'), ('channel::'), ('channel:not-a-uuid:1-1'), ('channel:1:1-1'),
  ('channel:e0000000-0000-4000-8000-000000000001'), ('channel:e0000000-0000-4000-8000-000000000001:'),
  ('channel:e0000000-0000-4000-8000-000000000001:3'), ('channel:e0000000-0000-4000-8000-000000000001:3-'),
  ('channel:e0000000-0000-4000-8000-000000000001:-7'), ('channel:e0000000-0000-4000-8000-000000000001:3-6'),
  ('channel:e0000000-0000-4000-8000-000000000001:2-7'), ('channel:e0000000-0000-4000-8000-000000000001:4-8'),
  ('channel:e0000000-0000-4000-8000-000000000001:03-7'), ('channel:e0000000-0000-4000-8000-000000000001:3-07'),
  ('channel:e0000000-0000-4000-8000-000000000001:3-7 '), (' channel:e0000000-0000-4000-8000-000000000001:3-7'),
  (E'channel:e0000000-0000-4000-8000-000000000001:3-7\n'), (E'x\nchannel:e0000000-0000-4000-8000-000000000001:3-7'),
  ('channel:e0000000-0000-4000-8000-000000000001:3-7:x'), ('channel:E0000000-0000-4000-8000-000000000001:3-7'),
  ('Channel:e0000000-0000-4000-8000-000000000001:3-7'), ('channel:{e0000000-0000-4000-8000-000000000001}:3-7'),
  ('channel:e000000000004000800000000000000001:3-7'), ('channel:e0000000-0000-4000-8000-000000000001:99999999999999999999999999-7'),
  ('channel:e0000000-0000-4000-8000-000000000001:3-' || repeat('7', 1000)), ('channel:%:%'), ('channel:_:_'), ('channel:*:*'),
  ('channel:00000000-0000-0000-0000-000000000000:1-1'), ('channel:ffffffff-ffff-ffff-ffff-ffffffffffff:3-7'),
  ('channel:'' or true --'), ('channel:$$; drop table public.messages; --:1-1'), ('channel:e0000000-0000-4000-8000-000000000001:3-7'' or ''1''=''1'),
  ('channel:' || repeat('a', 100000)), ('channel:🦀:1-1'), (E'channel:\u202ee0000000-0000-4000-8000-000000000001:3-7'),
  ('channel:c0000000-0000-4000-8000-000000000001:3-7'), ('channel:c0000000-0000-4000-8000-000000000001:3'),
  ('community:'), ('community:not-a-uuid:1'), ('community:c0000000-0000-4000-8000-000000000001'), ('community:c0000000-0000-4000-8000-000000000001:'),
  ('community:c0000000-0000-4000-8000-000000000001:2'), ('community:c0000000-0000-4000-8000-000000000001:4'), ('community:c0000000-0000-4000-8000-000000000001:03'),
  ('community:c0000000-0000-4000-8000-000000000001:3-7'), ('community:c0000000-0000-4000-8000-000000000001:3:x'), ('community:C0000000-0000-4000-8000-000000000001:3'),
  ('community:e0000000-0000-4000-8000-000000000001:3'), ('community:c0000000-0000-4000-8000-000000000001:3'' --'),
  ('user:'), ('user:x'), ('user:*'), ('voice:x:y:1'), ('realtime:channel:e0000000-0000-4000-8000-000000000001:3-7'), ('chat:1'), ('*'), ('nobody_registered_this:1');

-- The probe rows of a join, for the hostile names and for the true ones.
insert into realtime.messages (topic, extension)
select topic, extension from (
  select topic from hostile
  union all select unnest(array[
    'channel:e0000000-0000-4000-8000-000000000001:3-7', 'channel:e0000000-0000-4000-8000-000000000002:3-7', 'community:c0000000-0000-4000-8000-000000000001:3'
  ])
) as t, unnest(array['broadcast', 'presence']) as extension;

create function pg_temp.may_receive(p_topic text, p_extension text default 'broadcast') returns text language plpgsql as $$
begin
  perform set_config('realtime.topic', p_topic, true);
  return (select count(*) > 0 from realtime.messages m where m.topic = p_topic and m.extension = p_extension)::text;
exception when others then
  return sqlerrm;
end
$$;
create function pg_temp.may_send(p_topic text, p_extension text default 'broadcast') returns text language plpgsql as $$
begin
  perform set_config('realtime.topic', p_topic, true);
  insert into realtime.messages (topic, extension) values (p_topic, p_extension);
  return 'true';
exception
  when insufficient_privilege then return 'false';
  when others then return sqlerrm;
end
$$;
grant select on hostile to authenticated;

select pg_temp.become('ann');
select is_empty(
  $$ select left(topic, 80), pg_temp.may_receive(topic) from hostile where pg_temp.may_receive(topic) <> 'false' $$,
  'no hostile name opens a broadcast or fails, even for the owner'
);
select is_empty(
  $$ select left(topic, 80) from hostile where pg_temp.may_receive(topic, 'presence') <> 'false' $$, 'nor presence'
);
select is_empty(
  $$ select left(topic, 80) from hostile where pg_temp.may_send(topic) <> 'false' or pg_temp.may_send(topic, 'presence') <> 'false' $$,
  'nor lets anything be sent'
);
select is_empty(
  $$ select left(topic, 80) from hostile
     where private.may_receive_channel_topic(topic) or private.may_receive_community_topic(topic) or private.may_receive_user_topic(topic)
       or private.may_receive_channel_topic(topic) is null or private.may_receive_community_topic(topic) is null $$,
  'asked directly the functions say no too, and never null'
);

select pg_temp.become('bob');
select is(pg_temp.may_receive('channel:e0000000-0000-4000-8000-000000000001:3-7'), 'true', 'today''s name of a channel opens it to who may read it');
select is(pg_temp.may_receive('community:c0000000-0000-4000-8000-000000000001:3'), 'true', 'today''s name of a community opens it to a member');
select is(pg_temp.may_receive('channel:e0000000-0000-4000-8000-000000000002:3-7'), 'false', 'a channel that a member may not view stays closed to that member');
select is(
  concat_ws(' ', pg_temp.may_send('channel:e0000000-0000-4000-8000-000000000001:3-7'), pg_temp.may_send('community:c0000000-0000-4000-8000-000000000001:3')),
  'false false', 'who may receive may not send: only the server does'
);
select pg_temp.become('ann');
select is(pg_temp.may_send('channel:e0000000-0000-4000-8000-000000000001:3-7'), 'false', 'nor may the owner');
select is(pg_temp.may_receive('channel:e0000000-0000-4000-8000-000000000002:3-7'), 'true', 'the owner hears every channel');
select pg_temp.become('outsider');
select is(
  concat_ws(' ', pg_temp.may_receive('channel:e0000000-0000-4000-8000-000000000001:3-7'), pg_temp.may_receive('community:c0000000-0000-4000-8000-000000000001:3')),
  'false false', 'an outsider hears nothing'
);
set local role anon;
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "anon"}';
select is(
  concat_ws(' ', pg_temp.may_receive('channel:e0000000-0000-4000-8000-000000000001:3-7'), pg_temp.may_receive('community:c0000000-0000-4000-8000-000000000001:3')),
  'false false', 'nor does whoever has only the publishable key'
);

select * from finish();
rollback;
