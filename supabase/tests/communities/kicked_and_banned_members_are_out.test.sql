begin;
select plan(26);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'cleo', 'stranger');

-- max may kick and ban; bob and cleo are members.
select pg_temp.become('ann');
select create_community('Rust');
select create_role(pg_temp.community(), 'guards', '{kick_members,ban_members}');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob', 'cleo']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('guards'));
select pg_temp.become('bob');
select set_config('test.bobs', (create_invite(pg_temp.community())).code, true);
select send_message(pg_temp.channel(), 'spam');
reset role;
create function pg_temp.may_receive(p_topic text) returns boolean language plpgsql as $$
begin
  perform set_config('realtime.topic', p_topic, true);
  return exists (select from realtime.messages m where m.topic = p_topic and m.extension = 'broadcast');
end
$$;
create function pg_temp.structure_events() returns bigint language sql security definer as
$$ select count(*) from broadcasts where topic like 'community:' || pg_temp.community() || ':%' $$;
create temp table topics as select private.channel_topic(pg_temp.channel()) as channel, private.community_topic(pg_temp.community()) as community;
grant select on topics to authenticated;

-- Kicked: out, and free to come back.
select set_config('test.events', pg_temp.structure_events()::text, true);
select pg_temp.become('max');
select is(pg_temp.refusal('select kick_member(pg_temp.community(), md5(''bob'')::uuid, ''enough'')'), 'none', 'a member is kicked');
reset role;
select is(pg_temp.structure_events() - current_setting('test.events')::bigint, 1::bigint, 'the community hears one event');
select results_eq(
  $$ select payload - 'id' from broadcasts where topic = (select community from topics) and event = 'moved' $$,
  $$ select jsonb_build_object('community_id', pg_temp.community(), 'left', jsonb_build_array(md5('bob')::uuid)) $$,
  'the last on the old name, which says who is gone'
);
select bag_eq(
  $$ select payload ->> 'kind' from broadcasts where topic = 'user:' || md5('bob')::uuid $$,
  $$ values ('joined'), ('kicked') $$,
  'whoever is kicked hears it, too'
);
insert into realtime.messages (topic, extension)
values (private.channel_topic(pg_temp.channel()), 'broadcast'), (private.community_topic(pg_temp.community()), 'broadcast');
create temp table new_topics as select private.channel_topic(pg_temp.channel()) as channel, private.community_topic(pg_temp.community()) as community;
grant select on new_topics to authenticated;
select pg_temp.become('bob');
select is(pg_temp.refusal('select list_channels(pg_temp.community())'), 'PT404 not_found', 'for them the community does not exist');
select ok(
  not pg_temp.may_receive((select channel from new_topics)) and not pg_temp.may_receive((select community from new_topics))
    and not pg_temp.may_receive((select channel from topics)) and not pg_temp.may_receive((select community from topics)),
  'no topic is open to them, under its old name or its new one'
);
select pg_temp.become('cleo');
select ok(pg_temp.may_receive((select channel from new_topics)) and pg_temp.may_receive((select community from new_topics)), 'to the others the new names are');
select pg_temp.become('bob');
select is((redeem_invite(current_setting('test.code')) ->> 'id')::uuid, pg_temp.community(), 'an invite lets them in again');

-- Banned: out, and kept out.
reset role;
select set_config('test.events', pg_temp.structure_events()::text, true);
select pg_temp.become('max');
select is((ban_member(pg_temp.community(), md5('bob')::uuid, 'spam', null, now() - interval '1 day')).reason, 'spam', 'a member is banned');
reset role;
select is(pg_temp.structure_events() - current_setting('test.events')::bigint, 1::bigint, 'by one event');
select is((select count(*) from public.community_members where community_id = pg_temp.community() and user_id = md5('bob')::uuid), 0::bigint, 'the membership is gone');
select is_empty($$ select * from public.invites where creator_id = md5('bob')::uuid $$, 'and so are their invites');
select pg_temp.become('bob');
select is(redeem_invite(current_setting('test.code')) ->> 'details', '{"code": "banned"}', 'no invite lets them in');
select pg_temp.become('max');
select results_eq('select user_id, actor_id, reason from list_bans(pg_temp.community())', $$ select md5('bob')::uuid, md5('max')::uuid, 'spam' $$, 'the ban is listed');
select is((select count(*) from public.bans), 1::bigint, 'and read by who may ban');
select pg_temp.become('cleo');
select is((select count(*) from public.bans), 0::bigint, 'by nobody else');

-- What they wrote is hidden from everybody, without a message being written.
select is((select count(*) from list_messages(pg_temp.channel())), 0::bigint, 'what they wrote is hidden from pages');
select is((select count(*) from public.messages), 0::bigint, 'from the table');
select is(sync_channel(pg_temp.channel(), 0) -> 'changes' -> 0 -> 'message', 'null'::jsonb, 'and from the feed');
select is(sync_channel(pg_temp.channel()) -> 'hidden' -> 0 ->> 'author_id', md5('bob')::uuid::text, 'which tells clients what to take away');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''an answer'', null, 1)'), 'PT404 not_found', 'nobody answers it');

-- Somebody who is no member.
select pg_temp.become('max');
select is(pg_temp.refusal('select ban_member(pg_temp.community(), md5(''stranger'')::uuid)'), 'none', 'who is no member can be banned beforehand');
select is(pg_temp.refusal('select ban_member(pg_temp.community(), gen_random_uuid())'), 'PT404 not_found', 'who does not exist cannot');

-- The end of a ban.
select unban_member(pg_temp.community(), md5('stranger')::uuid);
select unban_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('bob');
select is((redeem_invite(current_setting('test.code')) ->> 'id')::uuid, pg_temp.community(), 'after it they may join');
select is((select count(*) from list_messages(pg_temp.channel())), 0::bigint, 'but spam does not come back with its sender');
select pg_temp.become('max');
select ban_member(pg_temp.community(), md5('bob')::uuid, p_expires_at => now() + interval '1 hour');
reset role;
update public.bans set expires_at = now() - interval '1 second' where user_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is((redeem_invite(current_setting('test.code')) ->> 'id')::uuid, pg_temp.community(), 'a ban past its end keeps nobody out');

select * from finish();
rollback;
