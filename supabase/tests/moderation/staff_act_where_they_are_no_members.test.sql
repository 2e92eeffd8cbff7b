begin;
select plan(40);
\ir ../shared.psql
\ir ../reports.psql

select pg_temp.sign_up('ann', 'bob', 'dan', 'cleo', 'spammer', 'staff', 'other');
select pg_temp.appoint(name) from unnest(array['staff', 'other']) as name;
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'dan', 'cleo', 'spammer']) as name;
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'rulers');
select set_role_permissions(pg_temp.role('rulers'), '{administrator}');
select grant_role(pg_temp.community(), md5('dan')::uuid, pg_temp.role('rulers'));
select send_message(pg_temp.channel(), 'by the owner');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'by a member');
select create_invite(pg_temp.community());
select set_config('test.thread', (create_thread(pg_temp.channel(), 'aside', 2)).id::text, true);
select send_message(current_setting('test.thread')::uuid, 'in a thread');
select pg_temp.become('dan');
select send_message(pg_temp.channel(), 'by an administrator');
select pg_temp.become('spammer');
select send_message(pg_temp.channel(), 'by a spammer');

reset role;
-- Somebody of the staff takes on what cleo reports, and acts on it.
create function pg_temp.takes_on(p_channel_id uuid, p_seq bigint) returns void language plpgsql as $$
begin
  perform pg_temp.become('cleo');
  perform report_message(p_channel_id, p_seq, 'spam');
  perform pg_temp.become('staff');
  perform assign_report(pg_temp.report_of('cleo'));
end
$$;
create function pg_temp.acts(p_action text, p_reason text default null, p_detail text default 'field') returns text language sql as
$$ select pg_temp.refusal(format('select act_on_report(%L, %L, %L)', pg_temp.report_of('cleo'), p_action, p_reason), p_detail) $$;
create function pg_temp.last_audit() returns text language sql security definer as $$
  select concat_ws(' ', (select u.name from unnest(array['ann', 'bob', 'dan', 'staff']) as u (name) where md5(u.name)::uuid = l.actor_id), l.action, l.reason)
  from public.audit_log l where l.community_id = pg_temp.community() order by l.number desc limit 1
$$;
create function pg_temp.last_event() returns text language sql security definer as $$
  select concat_ws(' ', (select u.name from unnest(array['staff', 'other']) as u (name) where md5(u.name)::uuid = e.actor_id), e.kind, e.details ->> 'action', e.note)
  from private.report_events e where e.report_id = pg_temp.report_of('cleo') order by e.id desc limit 1
$$;
create function pg_temp.is_member(p_name text) returns boolean language sql security definer as
$$ select exists (select from public.community_members where community_id = pg_temp.community() and user_id = md5(p_name)::uuid) $$;
create function pg_temp.is_there(p_seq bigint, p_channel_id uuid default pg_temp.channel()) returns boolean language sql security definer as
$$ select exists (select from public.messages where channel_id = p_channel_id and seq = p_seq) $$;

-- Deleting the message.
select pg_temp.takes_on(pg_temp.channel(), 2);
select is(pg_temp.refused_field(format('select delete_message(%L, 2)', pg_temp.channel())), 'PT404 not_found p_channel_id', 'staff are no members');
select is(pg_temp.acts('delete_message', repeat('x', 513)), 'PT422 invalid_argument p_reason', 'a reason has 512 characters at most');
select ok(pg_temp.is_there(2), 'what is refused does nothing');
select is(pg_temp.acts('delete_message', 'Against the rules.'), 'none', 'a member of the staff deletes the message');
select ok(not pg_temp.is_there(2), 'and it is gone');
select is(pg_temp.last_audit(), 'staff messages_deleted Against the rules.', 'which stands in the community''s log, by who did it');
select is(pg_temp.last_event(), 'staff acted delete_message Against the rules.', 'and in the report''s history');
select is((select get_report(pg_temp.report_of('cleo')) #>> '{report,state}'), 'in_review', 'the report stays in review');
reset role;
select is(
  (select count(*) from broadcasts where topic like 'channel:' || pg_temp.channel() || ':%' and event = 'message_deleted'), 1::bigint,
  'and whoever has the channel open hears of it'
);
select pg_temp.become('staff');
select is(pg_temp.acts('delete_message'), 'PT409 conflict', 'what is gone is not deleted again');
select pg_temp.become('ann');
select is(verify_audit_chain(pg_temp.community()) ->> 'is_valid', 'true', 'the log is whole');

-- A thread's.
select pg_temp.takes_on(current_setting('test.thread')::uuid, 1);
select is(pg_temp.acts('delete_message'), 'none', 'a thread''s message is deleted alike');
select ok(not pg_temp.is_there(1, current_setting('test.thread')::uuid), 'and it is gone');

-- What a ban hides meanwhile.
select pg_temp.takes_on(pg_temp.channel(), 4);
select pg_temp.become('ann');
select ban_member(pg_temp.community(), md5('spammer')::uuid, p_hide_messages_since => 'epoch');
select pg_temp.become('staff');
select is(pg_temp.acts('kick_member'), 'PT409 conflict', 'who is no member any more is not kicked');
select is(pg_temp.acts('delete_message'), 'none', 'what a ban hides is deleted, too');
select ok(not pg_temp.is_there(4), 'and does not come back with it');
reset role;
select pg_temp.delete_account('spammer');
select pg_temp.become('staff');
select is(pg_temp.acts('ban_member'), 'PT409 conflict', 'whose account is gone is not banned');

-- Kicking and banning: everybody but the owner.
select pg_temp.takes_on(pg_temp.channel(), 3);
select is(pg_temp.acts('kick_member', 'Enough.'), 'none', 'staff kick also administrators');
select ok(not pg_temp.is_member('dan'), 'who are out');
select is(pg_temp.last_audit(), 'staff member_kicked Enough.', 'by who did it');
select is(pg_temp.last_event(), 'staff acted kick_member Enough.', 'as the report''s history says');
select is(pg_temp.acts('ban_member', 'Enough.'), 'none', 'staff ban who has gone');
select is(pg_temp.last_audit(), 'staff member_banned Enough.', 'by who did it');
reset role;
select is(
  (select array[b.actor_id::text, b.reason, b.expires_at::text] from public.bans b where b.community_id = pg_temp.community() and b.user_id = md5('dan')::uuid),
  array[md5('staff')::uuid::text, 'Enough.', null], 'until somebody ends the ban'
);
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'again by a member');
select set_config('test.again', (select max(seq)::text from messages where channel_id = pg_temp.channel()), true);
select pg_temp.takes_on(pg_temp.channel(), current_setting('test.again')::bigint);
select is(pg_temp.acts('ban_member'), 'none', 'staff ban a member');
select ok(not pg_temp.is_member('bob'), 'who is out');
select ok(pg_temp.is_there(current_setting('test.again')::bigint), 'what they wrote is there all the same');
reset role;
select is_empty('select * from public.invites where creator_id = md5(''bob'')::uuid', 'but not their invites');
select pg_temp.takes_on(pg_temp.channel(), 1);
select is(pg_temp.acts('ban_member'), 'PT403 role_hierarchy', 'the owner is not banned from their community');
select is(pg_temp.acts('kick_member'), 'PT403 role_hierarchy', 'nor kicked');
select ok(pg_temp.is_member('ann'), 'and is there');
select is(pg_temp.acts('delete_message'), 'none', 'but what they wrote is deleted as anybody''s');

-- What cannot be done.
select is(
  array[pg_temp.acts('close'), pg_temp.acts(''), pg_temp.acts(null)], array_fill('PT422 invalid_argument p_action'::text, array[3]), 'nothing else is done'
);
select pg_temp.become('cleo');
select report_user(md5('ann')::uuid, 'spam');
select pg_temp.become('staff');
select assign_report(pg_temp.report_of('cleo'));
select is(pg_temp.acts('ban_member'), 'PT422 invalid_argument p_action', 'nothing is done about a user everywhere');
select pg_temp.become('other');
select is(pg_temp.acts('delete_message', p_detail => 'code'), 'PT422 invalid_argument invalid_argument', 'by nobody');

-- Without the report in hand, and after what it is about.
select pg_temp.become('cleo');
select send_message(pg_temp.channel(), 'the last');
select set_config('test.last', (select max(seq)::text from messages where channel_id = pg_temp.channel()), true);
select pg_temp.takes_on(pg_temp.channel(), current_setting('test.last')::bigint);
select pg_temp.become('other');
select is(pg_temp.acts('delete_message', p_detail => 'state'), 'PT409 conflict in_review', 'who does not have it in hand does nothing');
select pg_temp.become('ann');
select is(pg_temp.acts('delete_message'), 'PT404 not_found p_report_id', 'nor does who owns the community');
select delete_channel(pg_temp.channel());
select pg_temp.become('staff');
select is(pg_temp.acts('delete_message'), 'PT409 conflict', 'what went with its channel is gone');
select pg_temp.become('ann');
select delete_community(pg_temp.community(), 'Rust');
select pg_temp.become('staff');
select is(
  array[pg_temp.acts('delete_message'), pg_temp.acts('kick_member'), pg_temp.acts('ban_member')], array_fill('PT409 conflict'::text, array[3]),
  'in a community that is gone nothing is to be done'
);
select resolve_report(pg_temp.report_of('cleo'), 'It is gone.');
select is(pg_temp.last_event(), 'staff resolved It is gone.', 'but to say so');

select * from finish();
rollback;
