-- One snapshot: that nothing was written is asked of whole tables, which others write in meanwhile.
begin isolation level repeatable read;
select plan(11);
\ir ../shared.psql

-- ann owns. max is a manager with rights of every kind but pin_messages, mara a second manager of the same rank, low a
-- member with a lower role, plain one with none. silent may do all that max may, and is timed out.
insert into auth.users (id, email)
select md5(name)::uuid, name || '@example.com'
from unnest(array['ann', 'max', 'mara', 'low', 'plain', 'silent', 'former', 'banned', 'zoe', 'zed', 'outsider']) as name;

create function pg_temp.group_id() returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community() $$;
-- Everything about rights there is, in one value.
create function pg_temp.digest() returns text language sql security definer as $$
  select md5(concat(
    (select jsonb_agg(r order by r.id) from public.roles r),
    (select jsonb_agg(m order by m.user_id, m.role_id) from public.member_roles m),
    (select jsonb_agg(m order by m.community_id, m.user_id) from public.community_members m),
    (select jsonb_agg(o order by o.channel_id, o.subject_id) from public.channel_overwrites o),
    (select jsonb_agg(o order by o.group_id, o.subject_id) from public.channel_group_overwrites o),
    (select jsonb_agg(a order by a.access_class_id, a.channel_id) from private.channel_access a),
    (select jsonb_agg(a order by a.id) from private.access_classes a),
    (select jsonb_agg(c order by c.id) from public.channels c), (select jsonb_agg(c order by c.id) from public.communities c),
    (select jsonb_agg(b order by b.user_id) from public.bans b), (select count(*) from public.audit_log),
    (select jsonb_agg(i order by i.code) from public.invites i), (select count(*) from realtime.messages)
  ))
$$;
-- The code of a refusal; 'done' and taken back where it is none. 'changed' where a refused call left something.
create function pg_temp.outcome(p_actor text, p_sql text) returns text language plpgsql as $$
declare
  v_before text := pg_temp.digest();
  v_code text;
  v_detail text;
begin
  begin
    perform pg_temp.become(p_actor);
    execute p_sql;
    raise exception 'done' using errcode = 'ZZ000';
  exception when sqlstate 'ZZ000' then
    v_code := 'done';
  when others then
    get stacked diagnostics v_detail = pg_exception_detail;
    v_code := coalesce(nullif(v_detail, '')::jsonb ->> 'code', sqlstate || ' ' || sqlerrm);
  end;
  reset role;
  if pg_temp.digest() <> v_before then
    return v_code || ', but changed something';
  end if;
  return v_code;
end
$$;

select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'secret');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select create_role(pg_temp.community(), 'muted');
select create_role(pg_temp.community(), 'opener');
select create_role(pg_temp.community(), 'pinners', '{pin_messages}');
select create_role(pg_temp.community(), 'low');
select create_role(pg_temp.community(), 'managers', '{manage_roles,manage_channels,kick_members,ban_members,timeout_members,manage_community,manage_invites,add_reactions}');
select create_role(pg_temp.community(), 'admins', '{administrator}');
-- The last made stands lowest: put them in the order in which they are named here.
select move_role(pg_temp.role('managers'), 6);
select move_role(pg_temp.role('admins'), 6);
select set_channel_overwrite(pg_temp.channel('secret'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
select set_channel_overwrite(pg_temp.channel('secret'), 'role', pg_temp.role('opener'), '{view_channel}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'mara', 'low', 'plain', 'silent', 'former', 'banned']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5(name)::uuid, pg_temp.role('managers')) from unnest(array['max', 'mara', 'silent']) as name;
select grant_role(pg_temp.community(), md5('low')::uuid, pg_temp.role('low'));
select set_channel_overwrite(pg_temp.channel(), 'role', pg_temp.role('muted'), p_deny => '{pin_messages}');
select timeout_member(pg_temp.community(), md5('silent')::uuid, now() + interval '1 hour');
select ban_member(pg_temp.community(), md5('banned')::uuid);
select kick_member(pg_temp.community(), md5('former')::uuid);
select pg_temp.become('zoe');
select create_community('Zig');
select create_role(pg_temp.community('Zig'), 'foreign');
select pg_temp.become('ann');
reset role;

-- %1$s: a member below, %2$s: a role below. Each call is one that max may make.
create temp table calls (name text, call text);
insert into calls values
  ('create_role', 'create_role(pg_temp.community(), ''x'', ''{add_reactions}'')'),
  ('update_role', 'update_role(pg_temp.role(''low''), ''x'')'),
  ('set_role_permissions', 'set_role_permissions(pg_temp.role(''low''), ''{add_reactions}'')'),
  ('delete_role', 'delete_role(pg_temp.role(''low''))'),
  ('move_role', 'move_role(pg_temp.role(''low''), 2)'),
  ('grant_role', 'grant_role(pg_temp.community(), md5(''plain'')::uuid, pg_temp.role(''low''))'),
  ('revoke_role', 'revoke_role(pg_temp.community(), md5(''low'')::uuid, pg_temp.role(''low''))'),
  ('set_member_roles', 'set_member_roles(pg_temp.community(), md5(''plain'')::uuid, array[pg_temp.role(''low'')])'),
  ('set_channel_overwrite', 'set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), ''{add_reactions}'')'),
  ('clear_channel_overwrite', 'clear_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''))'),
  ('set_channel_group_overwrite', 'set_channel_group_overwrite(pg_temp.group_id(), ''member'', md5(''low'')::uuid, ''{add_reactions}'')'),
  ('update_channel', 'update_channel(pg_temp.channel(), ''x'')'),
  ('move_channel', 'move_channel(pg_temp.channel(), null, 0)'),
  ('delete_channel', 'delete_channel(pg_temp.channel())'),
  ('update_channel_group', 'update_channel_group(pg_temp.group_id(), ''x'')'),
  ('delete_channel_group', 'delete_channel_group(pg_temp.group_id())'),
  ('kick_member', 'kick_member(pg_temp.community(), md5(''low'')::uuid)'),
  ('ban_member', 'ban_member(pg_temp.community(), md5(''low'')::uuid)'),
  ('unban_member', 'unban_member(pg_temp.community(), md5(''banned'')::uuid)'),
  ('timeout_member', 'timeout_member(pg_temp.community(), md5(''low'')::uuid, now() + interval ''1 hour'')'),
  ('update_community', 'update_community(pg_temp.community(), ''x'')'),
  ('revoke_invite', 'revoke_invite(current_setting(''test.code''))');

-- Exactly the right.
select is_empty(
  $$ select name, o from calls, pg_temp.outcome('max', 'select ' || call) o where o <> 'done' $$, 'a manager may do each of these'
);
-- One level too low.
select is_empty(
  $$ select name, o from calls, pg_temp.outcome('low', 'select ' || call) o where o <> 'missing_permission' $$, 'a member without the right is told so, and changes nothing'
);
select is_empty(
  $$ select name, o from calls, pg_temp.outcome('silent', 'select ' || call) o where o <> 'timed_out' $$, 'a manager who is timed out may do none of it'
);
select is_empty(
  $$ select name, who, o from calls, unnest(array['former', 'banned', 'zoe', 'outsider']) as who, pg_temp.outcome(who, 'select ' || call) o
     where o <> 'not_found' $$,
  'for whoever was kicked or banned, for the owner of another community and for strangers none of it exists'
);

-- With the right, but not downwards.
create temp table upwards (call text);
insert into upwards
select format(f, quote_literal(who))
from unnest(array['max', 'mara', 'ann']) as who, unnest(array[
  'grant_role(pg_temp.community(), md5(%s)::uuid, pg_temp.role(''low''))', 'set_member_roles(pg_temp.community(), md5(%s)::uuid, array[pg_temp.role(''low'')])',
  'revoke_role(pg_temp.community(), md5(%s)::uuid, pg_temp.role(''low''))', 'kick_member(pg_temp.community(), md5(%s)::uuid)',
  'ban_member(pg_temp.community(), md5(%s)::uuid)', 'timeout_member(pg_temp.community(), md5(%s)::uuid, now() + interval ''1 hour'')',
  'set_channel_overwrite(pg_temp.channel(), ''member'', md5(%s)::uuid, ''{add_reactions}'')',
  'clear_channel_overwrite(pg_temp.channel(), ''member'', md5(%s)::uuid)',
  'set_channel_group_overwrite(pg_temp.group_id(), ''member'', md5(%s)::uuid, ''{add_reactions}'')'
]) as f
union all
select format(f, quote_literal(r))
from unnest(array['managers', 'admins']) as r, unnest(array[
  'update_role(pg_temp.role(%s), ''x'')', 'set_role_permissions(pg_temp.role(%s), ''{}'')', 'delete_role(pg_temp.role(%s))', 'move_role(pg_temp.role(%s), 1)',
  'grant_role(pg_temp.community(), md5(''plain'')::uuid, pg_temp.role(%s))', 'set_member_roles(pg_temp.community(), md5(''plain'')::uuid, array[pg_temp.role(%s)])',
  'set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(%s), ''{add_reactions}'')',
  'set_channel_group_overwrite(pg_temp.group_id(), ''role'', pg_temp.role(%s), ''{add_reactions}'')',
  'create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role(%s)])'
]) as f
union all values
  ('move_role(pg_temp.role(''low''), 5)'), ('move_role(pg_temp.role(''low''), 6)'),
  ('transfer_ownership(pg_temp.community(), md5(''max'')::uuid)'), ('delete_community(pg_temp.community(), ''Rust'')');
select is_empty(
  $$ select call, o from upwards, pg_temp.outcome('max', 'select ' || call) o where o <> 'role_hierarchy' $$,
  'nobody acts on oneself, on equals, on the owner, or on roles from one''s own upwards'
);
-- The owner acts on everybody, but not on herself where it would leave her outside.
select is_empty(
  $$ select call, o from unnest(array[
       'kick_member(pg_temp.community(), md5(''ann'')::uuid)', 'ban_member(pg_temp.community(), md5(''ann'')::uuid)',
       'timeout_member(pg_temp.community(), md5(''ann'')::uuid, now() + interval ''1 hour'')'
     ]) as call, pg_temp.outcome('ann', 'select ' || call) o where o <> 'role_hierarchy' $$,
  'the owner neither kicks, bans nor times out herself'
);

-- With the right, downwards, but not held.
create temp table beyond (call text);
insert into beyond values
  ('create_role(pg_temp.community(), ''x'', ''{pin_messages}'')'), ('create_role(pg_temp.community(), ''x'', ''{administrator}'')'),
  ('update_role(pg_temp.role(''low''), p_permissions => ''{view_audit_log}'')'), ('set_role_permissions(pg_temp.role(''low''), ''{pin_messages}'')'),
  -- What one does not hold is not taken either.
  ('set_role_permissions(pg_temp.role(''pinners''), ''{}'')'),
  ('grant_role(pg_temp.community(), md5(''plain'')::uuid, pg_temp.role(''pinners''))'),
  ('set_member_roles(pg_temp.community(), md5(''plain'')::uuid, array[pg_temp.role(''low''), pg_temp.role(''pinners'')])'),
  ('create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role(''pinners'')])'),
  ('set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), ''{pin_messages}'')'),
  ('set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), p_deny => ''{pin_messages}'')'),
  ('clear_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''muted''))'),
  ('set_channel_group_overwrite(pg_temp.group_id(), ''role'', pg_temp.role(''low''), ''{pin_messages}'')'),
  -- A role that opens a channel which one does not see, and one whose denies would come back.
  ('grant_role(pg_temp.community(), md5(''plain'')::uuid, pg_temp.role(''opener''))'),
  ('create_invite(pg_temp.community(), p_role_ids => array[pg_temp.role(''opener'')])'),
  ('delete_role(pg_temp.role(''muted''))');
select is_empty(
  $$ select call, o from beyond, pg_temp.outcome('max', 'select ' || call) o where o <> 'missing_permission' $$,
  'nobody gives, takes or denies what they do not hold, in the community or through a channel'
);
select is_empty(
  $$ select call, o from beyond, pg_temp.outcome('ann', 'select ' || call) o where o <> 'done' $$, 'the owner, who holds everything, may do all of that'
);

-- Ids from elsewhere.
create temp table foreign_ids (call text);
insert into foreign_ids
select format(f, id) from unnest(array['pg_temp.role(''foreign'', ''Zig'')', 'gen_random_uuid()', 'null']) as id, unnest(array[
  'update_role(%s, ''x'')', 'set_role_permissions(%s, ''{}'')', 'delete_role(%s)', 'move_role(%s, 1)',
  'grant_role(pg_temp.community(), md5(''plain'')::uuid, %s)', 'revoke_role(pg_temp.community(), md5(''plain'')::uuid, %s)',
  'set_channel_overwrite(pg_temp.channel(), ''role'', %s, ''{add_reactions}'')', 'preview_as_role(pg_temp.community(), %s)',
  'list_members(pg_temp.community(), coalesce(%s, gen_random_uuid()))', 'move_channel(pg_temp.channel(), coalesce(%s, gen_random_uuid()), 0)'
]) as f
union all
select format(f, id) from unnest(array['md5(''zoe'')::uuid', 'gen_random_uuid()', 'null']) as id, unnest(array[
  'grant_role(pg_temp.community(), %s, pg_temp.role(''low''))', 'set_member_roles(pg_temp.community(), %s, ''{}'')', 'kick_member(pg_temp.community(), %s)',
  'timeout_member(pg_temp.community(), %s, now() + interval ''1 hour'')', 'set_channel_overwrite(pg_temp.channel(), ''member'', %s, ''{add_reactions}'')',
  'explain_permission(pg_temp.channel(), %s, ''send_messages'')', 'unban_member(pg_temp.community(), %s)', 'transfer_ownership(pg_temp.community(), %s)'
]) as f;
select is_empty(
  $$ select call, o from foreign_ids, pg_temp.outcome('ann', 'select ' || call) o where o <> 'not_found' $$,
  'roles and people of other communities, and those that do not exist, are not found'
);

-- What is malformed.
create temp table malformed (call text);
insert into malformed
select format(f, keys) from unnest(array['''{fly}''', '''{{add_reactions},{pin_messages}}''', 'array[null]::text[]', '''{add_reactions,add_reactions}''', 'array(select ''add_reactions'' from generate_series(1, 10000))',
  'array(select ''x'' || n from generate_series(1, 10000) as n)']) as keys, unnest(array[
  'create_role(pg_temp.community(), ''x'', %s)', 'set_role_permissions(pg_temp.role(''low''), %s)',
  'set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), %s)', 'set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), p_deny => %s)',
  'set_channel_group_overwrite(pg_temp.group_id(), ''role'', pg_temp.role(''low''), %s)'
]) as f
union all
select format(f, ids) from unnest(array['null', 'array[array[pg_temp.role(''low'')]]', 'array[null]::uuid[]', 'array[pg_temp.role(''low''), pg_temp.role(''low'')]',
  'array(select gen_random_uuid() from generate_series(1, 10000))']) as ids, unnest(array[
  'set_member_roles(pg_temp.community(), md5(''plain'')::uuid, %s)', 'create_invite(pg_temp.community(), p_role_ids => %s)'
]) as f
union all values
  ('set_role_permissions(pg_temp.role(''low''), null)'), ('create_role(pg_temp.community(), '''')'), ('create_role(pg_temp.community(), null)'),
  ('create_role(pg_temp.community(), ''x'', ''{}'', -1)'), ('update_role(pg_temp.role(''low''), p_color => 16777216)'),
  ('move_role(pg_temp.role(''low''), 0)'), ('move_role(pg_temp.role(''low''), null)'), ('move_role(pg_temp.role(''low''), 7)'),
  ('set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), ''{add_reactions}'', ''{add_reactions}'')'),
  ('set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), ''{administrator}'')'),
  ('set_channel_overwrite(pg_temp.channel(), ''everyone'', pg_temp.role(''low''), ''{add_reactions}'')'),
  ('set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), null)'),
  ('set_channel_overwrite(pg_temp.channel(), ''role'', pg_temp.role(''low''), ''{add_reactions}'', null)'),
  ('set_channel_overwrite(pg_temp.channel(), null, pg_temp.role(''low''), ''{add_reactions}'')'),
  ('grant_role(pg_temp.community(), md5(''plain'')::uuid, pg_temp.role(''low''), now() - interval ''1 second'')'),
  ('grant_role(pg_temp.community(), md5(''plain'')::uuid, pg_temp.role(''low''), ''infinity'')'),
  ('timeout_member(pg_temp.community(), md5(''low'')::uuid, now() - interval ''1 second'')'), ('timeout_member(pg_temp.community(), md5(''low'')::uuid, now() + interval ''29 days'')'),
  ('timeout_member(pg_temp.community(), md5(''low'')::uuid, ''infinity'')'), ('ban_member(pg_temp.community(), md5(''low'')::uuid, p_expires_at => now() - interval ''1 second'')'),
  ('ban_member(pg_temp.community(), md5(''low'')::uuid, p_hide_messages_since => now() + interval ''1 day'')'),
  ('kick_member(pg_temp.community(), md5(''low'')::uuid, repeat(''x'', 10000))'), ('ban_member(pg_temp.community(), md5(''low'')::uuid, repeat(''x'', 513))'),
  ('delete_community(pg_temp.community(), ''rust'')'), ('delete_community(pg_temp.community(), null)'), ('update_community(pg_temp.community(), '' '')'),
  ('move_channel(pg_temp.channel(), null, -1)'), ('move_channel(pg_temp.channel(), null, null)'), ('move_channel_group(pg_temp.group_id(), -1)'),
  ('update_my_membership(pg_temp.community(), repeat(''x'', 33))'), ('user_has_permission(pg_temp.community(), ''fly'')'), ('user_has_permission(pg_temp.community(), null)'),
  ('explain_permission(pg_temp.channel(), md5(''low'')::uuid, ''fly'')'), ('explain_permission(pg_temp.channel(), md5(''low'')::uuid, ''kick_members'')'),
  ('list_members(pg_temp.community(), p_limit => 0)'), ('list_members(pg_temp.community(), p_after_name => ''x'')'), ('list_members(pg_temp.community(), p_query => repeat(''x'', 101))');
select is_empty(
  $$ select call, o from malformed, pg_temp.outcome('ann', 'select ' || call) o where o <> 'invalid_argument' $$,
  'what is malformed has one code and changes nothing'
);

-- The default role is everybody's.
select is_empty(
  $$ select call, o from unnest(array[
       'delete_role(pg_temp.role(''everyone''))', 'move_role(pg_temp.role(''everyone''), 1)', 'grant_role(pg_temp.community(), md5(''low'')::uuid, pg_temp.role(''everyone''))',
       'revoke_role(pg_temp.community(), md5(''low'')::uuid, pg_temp.role(''everyone''))'
     ]) as call, pg_temp.outcome('ann', 'select ' || call) o where o <> 'conflict' $$,
  'the default role is not deleted, moved, granted or revoked'
);

select * from finish();
rollback;
