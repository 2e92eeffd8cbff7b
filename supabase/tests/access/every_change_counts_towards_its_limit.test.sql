begin;
select plan(5);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'banned', 'outsider', 'staff');

-- The limits that a call by somebody is charged to; and who refuses it. What the call does is undone.
create function pg_temp.attempt(p_name text, p_call text, out charged text[], out detail jsonb) language plpgsql as $$
declare
  v_detail text;
begin
  perform pg_temp.become(p_name);
  -- Everybody has signed in just now.
  perform set_config(
    'request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || jsonb_build_object('session_id', md5(p_name)::uuid))::text, true
  );
  execute p_call;
  reset role;
  charged := array(select r.limit_key from private.rate_limits r where r.subject like '%' || md5(p_name)::uuid order by 1);
  raise exception using errcode = 'ZZ000';
exception
  when sqlstate 'ZZ000' then null;
  when others then
    get stacked diagnostics v_detail = pg_exception_detail;
    detail := nullif(v_detail, '')::jsonb;
end
$$;
-- The same, where one limit is used up.
create function pg_temp.attempt_without(p_limit text, p_subject text, p_name text, p_call text, out detail jsonb) language plpgsql as $$
begin
  insert into private.rate_limits (limit_key, subject, full_at) values (p_limit, p_subject, now() + interval '1 day');
  detail := (pg_temp.attempt(p_name, p_call)).detail;
  perform pg_temp.refill();
end
$$;

insert into auth.sessions (id, user_id, created_at, updated_at) select p.id, p.id, now(), now() from public.profiles p
where p.id = any (select md5(name)::uuid from unnest(array['ann', 'bob', 'cleo', 'banned', 'outsider', 'staff']) as name);

-- ann owns the community, bob is a member of it, and there is one of everything.
select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.community', (select id::text from communities where name = 'Rust'), true);
select create_channel_group(current_setting('test.community')::uuid, 'talk');
select create_role(current_setting('test.community')::uuid, 'helper');
select create_invite(current_setting('test.community')::uuid);
select set_config('test.group', (select id::text from channel_groups where name = 'talk'), true);
select set_config('test.role', (select id::text from roles where name = 'helper'), true);
select set_config('test.invite', (select code from invites where community_id = current_setting('test.community')::uuid), true);
select create_channel(current_setting('test.community')::uuid, 'lounge', 'text', current_setting('test.group')::uuid);
select set_config('test.channel', (select id::text from channels where name = 'lounge'), true);
select send_message(current_setting('test.channel')::uuid, body) from unnest(array['one', 'two']) as body;
select pin_message(current_setting('test.channel')::uuid, 2);
select set_config('test.thread', (create_thread(current_setting('test.channel')::uuid, 'aside', p_is_private => true)).id::text, true);
select pg_temp.become('bob');
select redeem_invite(current_setting('test.invite'));
select add_reaction(current_setting('test.channel')::uuid, 1, '👍');
select pg_temp.become('cleo');
select redeem_invite(current_setting('test.invite'));
select pg_temp.become('ann');
select add_thread_member(current_setting('test.thread')::uuid, md5('bob')::uuid);
reset role;
select private.link_external_identity(md5(n)::uuid, private.chat_provider(), n) from unnest(array['ann', 'bob']) as n;
select pg_temp.become('ann');
select set_config('test.direct', (open_group(array[md5('bob')::uuid])).id::text, true);
select set_config('test.voice', (create_channel(current_setting('test.community')::uuid, 'hall', 'voice')).id::text, true);
select set_config('test.stage', (create_channel(current_setting('test.community')::uuid, 'stage', 'voice')).id::text, true);
select join_voice(current_setting('test.voice')::uuid);
select pg_temp.become('cleo');
select join_voice(current_setting('test.voice')::uuid);
reset role;
update private.voice_rooms set transport = 'sfu' where channel_id = current_setting('test.voice')::uuid;
select pg_temp.become('banned');
select redeem_invite(current_setting('test.invite'));
select pg_temp.become('ann');
select ban_member(current_setting('test.community')::uuid, md5('banned')::uuid);
select pg_temp.become('banned');
select request_friend(md5('ann')::uuid);
select pg_temp.become('bob');
select set_config('test.report', (report_message(current_setting('test.channel')::uuid, 1, 'spam')).id::text, true);
select set_config('test.assigned', (report_message(current_setting('test.channel')::uuid, 2, 'spam')).id::text, true);
select set_config('test.ended', (report_user(md5('ann')::uuid, 'spam')).id::text, true);
reset role;
select grant_staff_role(md5('staff')::uuid, 'admin');
select pg_temp.become('staff');
select assign_report(current_setting('test.assigned')::uuid);
select assign_report(current_setting('test.ended')::uuid);
select dismiss_report(current_setting('test.ended')::uuid);
reset role;

-- Every function that writes; %1$L is the community, %2$L the channel, %3$L the group, %4$L the role, %5$L the invite, %6$L the thread,
-- %7$L, %8$L and %9$L a report that is open, one in hand and one that has ended, %10$L a direct group, %11$L and %12$L voice channels.
create temp table calls (name text, call text, charged text[]);
insert into calls values
  ('ann', 'select create_channel(%1$L, ''x'')', '{community_change}'),
  ('ann', 'select create_channel_group(%1$L, ''x'')', '{community_change}'),
  ('ann', 'select update_channel(%2$L, ''x'')', '{community_change}'),
  ('ann', 'select update_channel_group(%3$L, ''x'')', '{community_change}'),
  ('ann', 'select move_channel(%2$L, null, 0)', '{community_change}'),
  ('ann', 'select move_channel_group(%3$L, 0)', '{community_change}'),
  ('ann', 'select delete_channel(%2$L)', '{community_change}'),
  ('ann', 'select delete_channel_group(%3$L)', '{community_change}'),
  ('ann', 'select set_channel_overwrite(%2$L, ''role'', %4$L, ''{add_reactions}'')', '{community_change}'),
  ('ann', 'select clear_channel_overwrite(%2$L, ''role'', %4$L)', '{community_change}'),
  ('ann', 'select set_channel_group_overwrite(%3$L, ''role'', %4$L, ''{add_reactions}'')', '{community_change}'),
  ('ann', 'select clear_channel_group_overwrite(%3$L, ''role'', %4$L)', '{community_change}'),
  ('ann', 'select sync_channel_with_group(%2$L)', '{community_change}'),
  ('ann', 'select create_role(%1$L, ''x'')', '{community_change}'),
  ('ann', 'select update_role(%4$L, ''x'')', '{community_change}'),
  ('ann', 'select set_role_permissions(%4$L, ''{view_channel}'')', '{community_change}'),
  ('ann', 'select move_role(%4$L, 1)', '{community_change}'),
  ('ann', 'select delete_role(%4$L)', '{community_change}'),
  ('ann', 'select grant_role(%1$L, md5(''bob'')::uuid, %4$L)', '{community_change}'),
  ('ann', 'select revoke_role(%1$L, md5(''bob'')::uuid, %4$L)', '{community_change}'),
  ('ann', 'select set_member_roles(%1$L, md5(''bob'')::uuid, array[%4$L]::uuid[])', '{community_change}'),
  ('ann', 'select kick_member(%1$L, md5(''bob'')::uuid)', '{community_change}'),
  ('ann', 'select ban_member(%1$L, md5(''bob'')::uuid)', '{community_change}'),
  ('ann', 'select unban_member(%1$L, md5(''banned'')::uuid)', '{community_change}'),
  ('ann', 'select timeout_member(%1$L, md5(''bob'')::uuid, clock_timestamp() + interval ''1 hour'')', '{community_change}'),
  ('ann', 'select transfer_ownership(%1$L, md5(''bob'')::uuid)', '{community_change}'),
  ('ann', 'select update_community(%1$L, ''x'')', '{community_change}'),
  ('ann', 'select delete_community(%1$L, ''Rust'')', '{community_change}'),
  ('bob', 'select leave_community(%1$L)', '{community_change}'),
  ('bob', 'select update_my_membership(%1$L, ''Bobby'')', '{membership_update}'),
  ('bob', 'select send_message(%2$L, ''hello'')', '{message_send}'),
  ('bob', 'select insert_social_message(%2$L, ''hello'')', '{message_send}'),
  ('ann', 'select edit_message(%2$L, 1, ''other'')', '{message_edit}'),
  ('ann', 'select delete_message(%2$L, 1)', '{message_delete}'),
  ('ann', 'select delete_messages(%2$L, ''{1,2}'')', '{message_delete}'),
  ('ann', 'select pin_message(%2$L, 1)', '{message_pin}'),
  ('ann', 'select unpin_message(%2$L, 2)', '{message_pin}'),
  ('bob', 'select add_reaction(%2$L, 2, ''👍'')', '{reaction}'),
  ('bob', 'select remove_reaction(%2$L, 1, ''👍'')', '{reaction}'),
  ('ann', 'select clear_reactions(%2$L, 1)', '{reaction}'),
  ('bob', 'select create_thread(%2$L, ''x'')', '{thread_create}'),
  ('ann', 'select update_thread(%6$L, ''x'')', '{thread_change}'),
  ('ann', 'select delete_thread(%6$L)', '{thread_change}'),
  ('bob', 'select join_thread(%6$L)', '{thread_change}'),
  ('bob', 'select leave_thread(%6$L)', '{thread_change}'),
  ('ann', 'select add_thread_member(%6$L, md5(''bob'')::uuid)', '{thread_change}'),
  ('ann', 'select remove_thread_member(%6$L, md5(''bob'')::uuid)', '{thread_change}'),
  ('ann', 'select open_direct(md5(''bob'')::uuid)', '{direct_open}'),
  ('ann', 'select ensure_chat_thread(''bob'')', '{direct_open}'),
  ('ann', 'select insert_chat_message(''ann_bob'', ''ann'', ''bob'', ''hello'')', '{direct_open,message_send}'),
  ('ann', 'select open_group(array[md5(''bob'')::uuid])', '{direct_open}'),
  ('ann', 'select add_direct_member(%10$L, md5(''cleo'')::uuid)', '{direct_open}'),
  ('bob', 'select rename_direct_group(%10$L, ''x'')', '{direct_change}'),
  ('ann', 'select remove_direct_member(%10$L, md5(''bob'')::uuid)', '{direct_change}'),
  ('bob', 'select leave_direct_group(%10$L)', '{direct_change}'),
  ('bob', 'select report_message(%2$L, 1, ''spam'')', '{report}'),
  ('bob', 'select report_user(md5(''ann'')::uuid, ''spam'')', '{report}'),
  ('bob', 'select report_community(%1$L, ''spam'')', '{report}'),
  ('staff', 'select assign_report(%7$L)', '{report_change}'),
  ('staff', 'select note_report(%7$L, ''x'')', '{report_change}'),
  ('staff', 'select act_on_report(%8$L, ''delete_message'')', '{report_change}'),
  ('staff', 'select resolve_report(%8$L, ''x'')', '{report_change}'),
  ('staff', 'select dismiss_report(%8$L)', '{report_change}'),
  ('staff', 'select reopen_report(%9$L)', '{report_change}'),
  ('bob', 'select start_typing(%2$L)', '{typing}'),
  ('bob', 'select mark_read(%2$L, 3)', '{mark_read}'),
  ('bob', 'select search_messages(''hello'', %1$L)', '{message_search}'),
  ('ann', 'select create_invite(%1$L)', '{invite_create}'),
  ('ann', 'select create_invite(%1$L, p_role_ids => array[%4$L]::uuid[])', '{community_change,invite_create}'),
  ('outsider', 'select preview_invite(%5$L)', '{invite_try}'),
  ('outsider', 'select redeem_invite(%5$L)', '{community_join,invite_try}'),
  ('bob', 'select redeem_invite(%5$L)', '{invite_try}'),
  ('outsider', 'select create_community(''x'')', '{community_create}'),
  ('ann', 'select request_friend(md5(''outsider'')::uuid)', '{friend_request}'),
  ('ann', 'select request_friend(p_username => ''nobody_has_it'')', '{friend_request}'),
  ('ann', 'select accept_friend_request(md5(''banned'')::uuid)', '{friend_change}'),
  ('ann', 'select decline_friend_request(md5(''banned'')::uuid)', '{friend_change}'),
  ('bob', 'select cancel_friend_request(md5(''banned'')::uuid)', '{friend_change}'),
  ('bob', 'select remove_friend(md5(''outsider'')::uuid)', '{friend_change}'),
  ('ann', 'select block_user(md5(''bob'')::uuid)', '{block_change}'),
  ('bob', 'select unblock_user(md5(''ann'')::uuid)', '{block_change}'),
  ('ann', 'select update_my_preferences(''friends'')', '{preferences_change}'),
  ('bob', 'select record_calls(gen_random_uuid(), ''[{"function": "send_message", "latency_ms": 1}]'')', '{call_report}'),
  ('bob', 'select export_my_data()', '{data_export}'),
  ('bob', 'select delete_my_account(''remove'')', '{account_delete}'),
  ('bob', 'select join_voice(%11$L)', '{voice_join}'),
  ('ann', 'select set_voice_state(%11$L, true)', '{voice_state}'),
  ('ann', 'select send_voice_signal(%11$L, md5(''cleo'')::uuid, ''ice'', ''{}'')', '{voice_signal,voice_signal_bytes}'),
  ('bob', 'select authorize_voice(%1$L, %11$L)', '{voice_ice}'),
  ('ann', 'select update_voice_channel(%11$L, p_max_participants => 4)', '{community_change}'),
  ('ann', 'select mute_member(%11$L, md5(''cleo'')::uuid, true)', '{community_change}'),
  ('ann', 'select move_member(%11$L, md5(''cleo'')::uuid, %12$L)', '{community_change}'),
  ('ann', 'select disconnect_member(%11$L, md5(''cleo'')::uuid)', '{community_change}'),
  ('ann', 'select authorize_voice_token(%11$L)', '{voice_token}'),
  -- It writes one row in five seconds at most, and tells nobody anything.
  ('ann', 'select renew_voice(%11$L)', '{}'),
  -- Only as often as one has joined before.
  ('ann', 'select leave_voice(%11$L)', '{}'),
  -- It tells nobody anything, and only as often as there was an invite before.
  ('ann', 'select revoke_invite(%5$L)', '{}');
update calls
set call = format(
  call, current_setting('test.community'), current_setting('test.channel'), current_setting('test.group'),
  current_setting('test.role'), current_setting('test.invite'), current_setting('test.thread'), current_setting('test.report'),
  current_setting('test.assigned'), current_setting('test.ended'), current_setting('test.direct'),
  current_setting('test.voice'), current_setting('test.stage')
);

select set_eq(
  $$ select p.proname::text from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.provolatile = 'v' and has_function_privilege('authenticated', p.oid, 'execute') $$,
  $$ select (regexp_match(call, '([a-z_]+)\('))[1] from calls $$,
  'every function that writes is called here'
);

-- One call a day: a second charge within one call would be refused.
update private.rate_limit_catalog set capacity = 1, period = '1 day';
select pg_temp.refill();
select is_empty(
  $$ select call, a.detail from calls, pg_temp.attempt(name, call) a where a.detail is not null $$, 'one token of each limit is enough for a call'
);
select is_empty(
  $$ select call, a.charged, calls.charged from calls, pg_temp.attempt(name, call) a where a.charged is distinct from calls.charged $$,
  'each call is charged to its limits, as its caller''s'
);

create temp table refused as
select c.call, l.key, pg_temp.attempt_without(
  l.key, case l.key when 'community_join' then current_setting('test.community') || ':' else '' end || md5(c.name)::uuid, c.name, c.call
) as detail
from calls c, unnest(c.charged) as l (key);
select is_empty(
  $$ select * from refused where detail ->> 'code' is distinct from 'rate_limited' or detail ->> 'limit' is distinct from key $$,
  'a call whose limit is used up is refused by that limit'
);
select is_empty(
  $$ select call, l.key, a.detail
     from (select * from calls where name = 'ann') as c, unnest(c.charged) as l (key),
       pg_temp.attempt_without(l.key, md5('bob')::uuid::text, c.name, c.call) a (detail)
     where a.detail is not null $$,
  'nobody else''s calls count towards it'
);

select * from finish();
rollback;
