begin;
select plan(22);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'banned', 'outsider');

create function pg_temp.refused(p_sql text, out state text, out message text, out detail jsonb) language plpgsql as $$
declare
  v_detail text;
begin
  execute p_sql;
  -- Taken back, so that the calls do not get into each other's way.
  raise exception 'it worked' using errcode = 'ZZ000';
exception when sqlstate 'ZZ000' then
  return;
when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  state := sqlstate;
  message := sqlerrm;
  detail := nullif(v_detail, '')::jsonb;
end
$$;

-- Every public function that asks a gate; %1$L is the community, channel, role or group it is asked with. Direct and voice channels are
-- channels to who asks.
create function pg_temp.word(p_scope text) returns text language sql as $$ select case when p_scope in ('direct', 'voice') then 'channel' else p_scope end $$;
create temp table calls (scope text, call text, permission text);
insert into calls values
  ('community', 'select * from create_channel(%1$L, ''x'')', 'manage_channels'),
  ('community', 'select * from create_channel_group(%1$L, ''x'')', 'manage_channels'),
  ('community', 'select * from create_invite(%1$L)', 'create_invite'),
  ('community', 'select * from list_invites(%1$L)', 'manage_invites'),
  ('community', 'select * from list_channels(%1$L)', null),
  ('community', 'select * from list_channel_groups(%1$L)', null),
  ('community', 'select * from list_roles(%1$L)', null),
  ('community', 'select * from list_members(%1$L)', null),
  ('community', 'select my_permissions(%1$L)', null),
  ('community', 'select update_my_membership(%1$L, ''Bobby'')', null),
  ('community', 'select leave_community(%1$L)', null),
  ('community', 'select create_role(%1$L, ''x'')', 'manage_roles'),
  ('community', 'select grant_role(%1$L, md5(''cleo'')::uuid, ''d0000000-0000-4000-8000-000000000001'')', 'manage_roles'),
  ('community', 'select revoke_role(%1$L, md5(''cleo'')::uuid, ''d0000000-0000-4000-8000-000000000001'')', 'manage_roles'),
  ('community', 'select set_member_roles(%1$L, md5(''cleo'')::uuid, ''{}'')', 'manage_roles'),
  ('community', 'select preview_as_role(%1$L, ''d0000000-0000-4000-8000-000000000001'')', 'manage_roles'),
  ('community', 'select kick_member(%1$L, md5(''cleo'')::uuid)', 'kick_members'),
  ('community', 'select ban_member(%1$L, md5(''cleo'')::uuid)', 'ban_members'),
  ('community', 'select unban_member(%1$L, md5(''banned'')::uuid)', 'ban_members'),
  ('community', 'select * from list_bans(%1$L)', 'ban_members'),
  ('community', 'select timeout_member(%1$L, md5(''cleo'')::uuid, now() + interval ''1 hour'')', 'timeout_members'),
  ('community', 'select update_community(%1$L, ''x'')', 'manage_community'),
  ('community', 'select * from list_audit_log(%1$L)', 'view_audit_log'),
  ('community', 'select verify_audit_chain(%1$L)', 'view_audit_log'),
  ('community', 'select transfer_ownership(%1$L, md5(''cleo'')::uuid)', 'owner'),
  ('community', 'select delete_community(%1$L, ''Rust'')', 'owner'),
  ('channel', 'select * from send_message(%1$L, ''hello'')', 'send_messages'),
  ('channel', 'select * from list_messages(%1$L)', 'read_history'),
  ('channel', 'select * from fetch_social_messages(%1$L)', 'read_history'),
  ('channel', 'select insert_social_message(%1$L, ''hello'')', 'send_messages'),
  ('channel', 'select sync_channel(%1$L)', null),
  ('channel', 'select get_message(%1$L, 1)', 'read_history'),
  ('channel', 'select * from list_pins(%1$L)', 'read_history'),
  ('channel', 'select * from list_reactions(%1$L, 1, ''👍'')', 'read_history'),
  ('channel', 'select * from list_message_edits(%1$L, 1)', 'manage_messages'),
  ('channel', 'select edit_message(%1$L, 1, ''other'')', 'send_messages'),
  ('channel', 'select delete_message(%1$L, 1)', 'manage_messages'),
  ('channel', 'select delete_messages(%1$L, ''{1}'')', 'manage_messages'),
  ('channel', 'select add_reaction(%1$L, 1, ''👍'')', 'add_reactions'),
  ('channel', 'select remove_reaction(%1$L, 1, ''👍'')', null),
  ('channel', 'select clear_reactions(%1$L, 1)', 'manage_messages'),
  ('channel', 'select pin_message(%1$L, 1)', 'pin_messages'),
  ('channel', 'select unpin_message(%1$L, 1)', 'pin_messages'),
  ('channel', 'select mark_read(%1$L, 1)', null),
  ('channel', 'select start_typing(%1$L)', 'send_messages'),
  ('channel', 'select report_message(%1$L, 1, ''spam'')', 'read_history'),
  ('community', 'select report_community(%1$L, ''spam'')', null),
  ('community', 'select list_topics(%1$L)', null),
  ('community', 'select * from list_unread(%1$L)', null),
  ('community', 'select * from search_messages(''hello'', %1$L)', null),
  ('channel', 'select explain_permission(%1$L, md5(''ann'')::uuid, ''send_messages'')', 'manage_roles'),
  ('channel', 'select set_channel_overwrite(%1$L, ''member'', md5(''cleo'')::uuid, ''{add_reactions}'')', 'manage_roles'),
  ('channel', 'select clear_channel_overwrite(%1$L, ''member'', md5(''cleo'')::uuid)', 'manage_roles'),
  ('channel', 'select * from list_channel_overwrites(%1$L)', 'manage_roles'),
  ('channel', 'select sync_channel_with_group(%1$L)', 'manage_roles'),
  ('channel', 'select update_channel(%1$L, ''x'')', 'manage_channels'),
  ('channel', 'select move_channel(%1$L, null, 0)', 'manage_channels'),
  ('channel', 'select delete_channel(%1$L)', 'manage_channels'),
  ('channel', 'select create_thread(%1$L, ''x'')', 'create_threads'),
  ('channel', 'select * from list_threads(%1$L)', 'read_history'),
  ('direct', 'select get_direct(%1$L)', null),
  ('direct', 'select rename_direct_group(%1$L, ''x'')', null),
  ('direct', 'select add_direct_member(%1$L, md5(''ann'')::uuid)', null),
  ('direct', 'select remove_direct_member(%1$L, md5(''cleo'')::uuid)', 'owner'),
  ('direct', 'select leave_direct_group(%1$L)', null),
  ('community', 'select * from list_voice(%1$L)', null),
  ('voice', 'select join_voice(%1$L)', 'connect'),
  ('voice', 'select renew_voice(%1$L)', 'connect'),
  ('voice', 'select get_voice(%1$L)', 'connect'),
  ('voice', 'select set_voice_state(%1$L, true)', 'connect'),
  ('voice', 'select send_voice_signal(%1$L, md5(''cleo'')::uuid, ''ice'', ''{}'')', 'connect'),
  ('voice', 'select authorize_voice((select community_id from channels where id = %1$L), %1$L)', 'connect'),
  ('voice', 'select authorize_voice_token(%1$L)', 'connect'),
  ('voice', 'select mute_member(%1$L, md5(''cleo'')::uuid, true)', 'mute_members'),
  ('voice', 'select move_member(%1$L, md5(''cleo'')::uuid, (select id from channels where name = ''stage''))', 'move_members'),
  ('voice', 'select disconnect_member(%1$L, md5(''cleo'')::uuid)', 'move_members'),
  ('voice', 'select update_voice_channel(%1$L, p_max_participants => 4)', 'manage_channels'),
  ('thread', 'select get_thread(%1$L)', null),
  ('thread', 'select * from list_thread_members(%1$L)', null),
  ('thread', 'select update_thread(%1$L, ''y'')', 'manage_threads'),
  ('thread', 'select delete_thread(%1$L)', 'manage_threads'),
  ('thread', 'select join_thread(%1$L)', null),
  ('thread', 'select leave_thread(%1$L)', null),
  ('thread', 'select add_thread_member(%1$L, md5(''ann'')::uuid)', 'send_messages'),
  ('thread', 'select remove_thread_member(%1$L, md5(''cleo'')::uuid)', 'manage_threads'),
  ('role', 'select update_role(%1$L, ''x'')', 'manage_roles'),
  ('role', 'select set_role_permissions(%1$L, ''{view_channel}'')', 'manage_roles'),
  ('role', 'select move_role(%1$L, 1)', 'manage_roles'),
  ('role', 'select delete_role(%1$L)', 'manage_roles'),
  ('group', 'select set_channel_group_overwrite(%1$L, ''member'', md5(''cleo'')::uuid, ''{add_reactions}'')', 'manage_roles'),
  ('group', 'select clear_channel_group_overwrite(%1$L, ''member'', md5(''cleo'')::uuid)', 'manage_roles'),
  ('group', 'select * from list_channel_group_overwrites(%1$L)', 'manage_roles'),
  ('group', 'select update_channel_group(%1$L, ''x'')', 'manage_channels'),
  ('group', 'select move_channel_group(%1$L, 1)', 'manage_channels'),
  ('group', 'select delete_channel_group(%1$L)', 'manage_channels');
-- What answers no instead of refusing.
create temp table questions (scope text, call text);
insert into questions values
  ('community', 'select user_has_permission(%1$L, ''view_channel'')'),
  ('channel', 'select can_view_channel(%1$L)'),
  ('channel', 'select can_send_in_channel(%1$L)'),
  ('voice', 'select leave_voice(%1$L)');
grant select on questions to authenticated, anon;
grant select on calls to authenticated, anon;

-- A function that takes one of these and is not in the lists above has no test here.
select set_eq(
  $$ select p.proname::text from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proargnames && array['p_community_id', 'p_channel_id', 'p_role_id', 'p_group_id', 'p_thread_id']
       and has_function_privilege('authenticated', p.oid, 'execute') $$,
  $$ select (regexp_match(call, '([a-z_]+)\('))[1] from (select call from calls union all select call from questions) c $$,
  'every function with a gate is called here'
);

-- ann owns the community. bob is a member who may see its second channel, read its third with a thread of it, and nothing else.
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'visible');
select create_channel(pg_temp.community(), 'threaded');
select send_message(id, 'hello') from list_channels(pg_temp.community());
select create_thread(id, name, p_is_private => true) from list_channels(pg_temp.community());
select create_channel(pg_temp.community(), name, 'voice') from unnest(array['hall', 'lounge', 'stage']) as name;
reset role;
update public.roles set permissions = private.permission_mask('view_channel') where community_id = pg_temp.community();
insert into public.channel_overwrites (community_id, channel_id, role_id, deny)
select c.community_id, c.id, r.id, private.permission_mask('view_channel')
from public.channels c join public.roles r on r.community_id = c.community_id
where c.community_id = pg_temp.community() and c.name in ('general', 'hall');
insert into public.channel_overwrites (community_id, channel_id, role_id, allow)
select c.community_id, c.id, r.id, private.permission_mask('read_history')
from public.channels c join public.roles r on r.community_id = c.community_id
where c.community_id = pg_temp.community() and c.name = 'threaded';
insert into public.channel_overwrites (community_id, channel_id, role_id, allow)
select c.community_id, c.id, r.id, private.permission_mask('connect')
from public.channels c join public.roles r on r.community_id = c.community_id
where c.community_id = pg_temp.community() and c.name = 'stage';
insert into public.roles (community_id, id, name, position) values (pg_temp.community(), 'd0000000-0000-4000-8000-000000000001', 'helpers', 1);
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo']) as name;
insert into private.thread_members (community_id, thread_id, user_id)
select t.community_id, t.id, md5(who.name)::uuid from private.threads t, unnest(array['bob', 'cleo']) as who (name)
where t.community_id = pg_temp.community() and (t.name = 'threaded' or who.name = 'cleo');
select pg_temp.become('ann');
select open_group(array[md5(name)::uuid], name) from unnest(array['bob', 'cleo']) as name;
reset role;
select private.resolve_access(pg_temp.community());
insert into private.voice_sessions (user_id, device_id, community_id, channel_id, is_muted, can_speak, can_stream)
select md5(n)::uuid, '00000000-0000-0000-0000-000000000000', pg_temp.community(), pg_temp.channel('hall'), false, true, true
from unnest(array['ann', 'cleo']) as n;
update private.voice_rooms set transport = 'sfu' where channel_id = pg_temp.channel('hall');
insert into public.bans (community_id, user_id) values (pg_temp.community(), md5('banned')::uuid);

create temp table ids as
select 'community' as scope, pg_temp.community() as known, null::uuid as hidden, pg_temp.community() as seen, gen_random_uuid() as unknown
union all
select 'channel', g.id, g.id, v.id, gen_random_uuid()
from public.channels g, public.channels v
where g.community_id = pg_temp.community() and g.name = 'general' and v.community_id = pg_temp.community() and v.name = 'visible'
union all
select 'thread', g.id, g.id, v.id, gen_random_uuid()
from private.threads g, private.threads v
where g.community_id = pg_temp.community() and g.name = 'general' and v.community_id = pg_temp.community() and v.name = 'threaded'
union all
select 'voice', pg_temp.channel('hall'), pg_temp.channel('hall'), pg_temp.channel('lounge'), gen_random_uuid()
union all
select 'direct', k.id, k.id, s.id, gen_random_uuid()
from private.direct_channels k, private.direct_channels s
where k.name = 'cleo' and k.owner_id = md5('ann')::uuid and s.name = 'bob' and s.owner_id = md5('ann')::uuid
union all
select 'role', r.id, null, r.id, gen_random_uuid() from public.roles r where r.id = 'd0000000-0000-4000-8000-000000000001'
union all
select 'group', g.id, null, g.id, gen_random_uuid() from public.channel_groups g where g.community_id = pg_temp.community();
grant select on ids to authenticated, anon;

-- Somebody signed in who is no member: what exists, what does not and what is null look the same.
select pg_temp.become('outsider');
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, known)) r
     where r.state is distinct from 'PT404'
       or r.message is distinct from format('There is no such %s.', pg_temp.word(scope))
       or r.detail is distinct from jsonb_build_object('code', 'not_found', 'field', format('p_%s_id', pg_temp.word(scope))) $$,
  'an outsider is told that there is none of what exists'
);
select is_empty(
  $$ select call, a.*, b.* from calls join ids using (scope), pg_temp.refused(format(call, known)) a, pg_temp.refused(format(call, unknown)) b
     where a is distinct from b $$,
  'in the same words as of what does not exist'
);
select is_empty(
  $$ select call, r.* from calls, pg_temp.refused(format(call, null::uuid)) r
     where r.state is distinct from 'PT404' and call !~ 'list_unread|search_messages' $$,
  'and of null, but where it means all of them'
);

-- A member: what may not be seen does not exist; what may be seen is refused by name.
select pg_temp.become('bob');
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, hidden)) r
     where scope in ('channel', 'thread', 'direct', 'voice')
       and (r.state is distinct from 'PT404' or r.detail is distinct from jsonb_build_object('code', 'not_found', 'field', format('p_%s_id', pg_temp.word(scope)))) $$,
  'a member is told not_found of a channel that the member may not view'
);
select is_empty(
  $$ select call, a.*, b.* from calls join ids using (scope), pg_temp.refused(format(call, hidden)) a, pg_temp.refused(format(call, unknown)) b
     where scope in ('channel', 'thread', 'direct', 'voice') and a is distinct from b $$,
  'in the same words as of one that does not exist'
);
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, seen)) r
     where permission <> 'owner'
       and (r.state is distinct from 'PT403'
         or r.detail is distinct from jsonb_build_object('code', 'missing_permission', 'permission', permission)) $$,
  'a member without the permission is told which one'
);
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, seen)) r
     where permission = 'owner' and (r.state is distinct from 'PT403' or r.detail is distinct from '{"code": "role_hierarchy"}') $$,
  'or that it is the owner''s'
);
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, seen)) r
     where permission is null and call not like '%leave_community%' and r.state is not null $$,
  'what needs no more than that is not refused'
);

select pg_temp.become('ann');
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, known)) r
     where r.state is not null and call not like '%leave_community%' $$,
  'the owner is refused nothing of it'
);

-- Questions tell of nothing, too.
create function pg_temp.answer(p_sql text) returns boolean language plpgsql as $$
declare
  v_answer boolean;
begin
  execute p_sql into v_answer;
  return v_answer;
end
$$;
select pg_temp.become('outsider');
select is_empty(
  $$ select call from questions join ids using (scope) where pg_temp.answer(format(call, known)) is distinct from false $$,
  'an outsider is answered no about what exists'
);
select is_empty(
  $$ select call from questions join ids using (scope) where pg_temp.answer(format(call, unknown)) is distinct from false $$,
  'and about what does not'
);
select pg_temp.become('ann');
select is_empty(
  $$ select call from questions join ids using (scope) where pg_temp.answer(format(call, known)) is distinct from true $$,
  'the owner is answered yes'
);

-- No session.
set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, known)) r
     where r.state is distinct from 'PT401' or r.detail is distinct from '{"code": "session_required"}' $$,
  'a token without a user is told session_required'
);
select is_empty(
  $$ select call, r.* from questions join ids using (scope), pg_temp.refused(format(call, known)) r where r.state is distinct from 'PT401' $$,
  'also by the questions'
);
select is_empty(
  $$ select call, r.* from (values
       ('select * from my_communities()'), ('select * from my_profile()'), ('select create_community(''x'')'), ('select redeem_invite(''x'')'), ('select preview_invite(''x'')'), ('select revoke_invite(''x'')'),
       ('select open_direct(md5(''ann'')::uuid)'), ('select open_group(array[md5(''ann'')::uuid])'), ('select * from list_direct()'),
       ('select request_friend(md5(''ann'')::uuid)'), ('select request_friend()'), ('select accept_friend_request(md5(''ann'')::uuid)'),
       ('select decline_friend_request(md5(''ann'')::uuid)'), ('select cancel_friend_request(md5(''ann'')::uuid)'), ('select remove_friend(md5(''ann'')::uuid)'),
       ('select * from list_friends()'), ('select * from list_friend_requests()'), ('select block_user(md5(''ann'')::uuid)'),
       ('select unblock_user(md5(''ann'')::uuid)'), ('select * from list_blocks()'), ('select my_preferences()'), ('select update_my_preferences()')
     ) as c (call), pg_temp.refused(call) r where r.state is distinct from 'PT401' $$,
  'also by the functions without a gate'
);
set local role anon;
set local request.jwt.claims = '{"role": "anon"}';
select is_empty(
  $$ select call, r.* from calls join ids using (scope), pg_temp.refused(format(call, known)) r where r.state is distinct from '42501' $$,
  'whoever has only the publishable key may not call at all'
);

-- The helpers behind the gates cannot be called by clients: they would tell of others.
select pg_temp.become('bob');
select is(
  (select state from pg_temp.refused('select private.require_in_channel(gen_random_uuid(), ''view_channel'')')), '42501', 'the gates themselves are no API'
);
select is((select state from pg_temp.refused('select private.channel_permissions(gen_random_uuid())')), '42501', 'nor are the masks');
select is((select state from pg_temp.refused('select private.channel_topic(gen_random_uuid())')), '42501', 'nor the names of topics');

-- Permissions that do not exist.
reset role;
select is(
  (select detail from pg_temp.refused('select private.permission_mask(''view_channel'', ''fly'')')),
  '{"code": "invalid_argument", "field": "p_permission", "permission": "fly"}', 'an unknown permission is refused, never ignored'
);
select is((select state from pg_temp.refused('select private.permission_mask(null::text)')), 'PT422', 'so is null');

select * from finish();
rollback;
