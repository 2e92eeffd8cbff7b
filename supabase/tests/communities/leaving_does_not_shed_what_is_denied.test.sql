begin;
select plan(25);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'zoe', 'bob', 'out');

create function pg_temp.group_id() returns uuid language sql security definer as
$$ select id from public.channel_groups where community_id = pg_temp.community() and name = 'apart' $$;
create function pg_temp.leave_and_come_back(p_name text) returns void language plpgsql as $$
declare
  v_code text;
begin
  perform pg_temp.become(p_name);
  v_code := (create_invite(pg_temp.community())).code;
  perform leave_community(pg_temp.community());
  perform redeem_invite(v_code);
end
$$;
-- What channels say about zoe, as who manages roles reads it.
create function pg_temp.said() returns setof text language sql as $$
  select c.name || ': ' || array_to_string(w.allow, ',') || ' | ' || array_to_string(w.deny, ',')
  from unnest(array['general', 'secret', 'synced']) as c (name)
  cross join lateral list_channel_overwrites(pg_temp.channel(c.name)) w
  where w.subject_id = md5('zoe')::uuid
$$;

select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'secret');
select create_channel_group(pg_temp.community(), 'apart');
select create_channel(pg_temp.community(), 'synced', 'text', pg_temp.group_id());
select create_role(pg_temp.community(), 'managers', '{manage_roles,create_invite}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'zoe', 'bob']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('managers'));
select set_channel_overwrite(pg_temp.channel('secret'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
select set_channel_overwrite(pg_temp.channel('secret'), 'member', md5('zoe')::uuid, '{view_channel}');
select set_channel_overwrite(pg_temp.channel(), 'member', md5('zoe')::uuid, p_deny => '{view_channel}');
select set_channel_group_overwrite(pg_temp.group_id(), 'member', md5('zoe')::uuid, '{pin_messages}', '{send_messages}');

select pg_temp.become('zoe');
select is(can_view_channel(pg_temp.channel()), false, 'a member may be denied a channel personally');
select is(can_view_channel(pg_temp.channel('secret')), true, 'and be let into another');
select pg_temp.leave_and_come_back('zoe');
select is(can_view_channel(pg_temp.channel()), false, 'leaving and coming back does not shed what is denied');
select is(can_view_channel(pg_temp.channel('secret')), false, 'and does not keep what was allowed');
select is(can_send_in_channel(pg_temp.channel('synced')), false, 'nor is a group''s deny shed');
select is(my_permissions(pg_temp.community(), pg_temp.channel('synced')) @> '{pin_messages}', false, 'of which the allow is gone');
select pg_temp.leave_and_come_back('bob');
select is(can_view_channel(pg_temp.channel()), true, 'whoever was denied nothing comes back as they went');
select pg_temp.become('ann');
select set_eq('select pg_temp.said()', array['general:  | view_channel', 'synced:  | send_messages'], 'what is left is listed');
reset role;
select is((select c.is_synced from public.channels c where c.id = pg_temp.channel('synced')), true, 'a synced channel stays synced');
select results_eq(
  $$ select w.user_id, w.allow, w.deny from public.channel_overwrites w where w.channel_id = pg_temp.channel('synced') $$,
  $$ select w.user_id, w.allow, w.deny from public.channel_group_overwrites w where w.group_id = pg_temp.group_id() $$,
  'and says what its group says'
);

-- While somebody is gone.
select pg_temp.become('ann');
select kick_member(pg_temp.community(), md5('zoe')::uuid);
select is(
  pg_temp.refusal($$ select set_channel_overwrite(pg_temp.channel('secret'), 'member', md5('zoe')::uuid, '{view_channel}') $$), 'PT404 not_found', 'nothing new is said about who is gone'
);
select is(
  pg_temp.refusal($$ select set_channel_overwrite(pg_temp.channel(), 'member', md5('zoe')::uuid, '{view_channel}') $$), 'PT404 not_found', 'nor is what was said turned round'
);
select is(pg_temp.refusal($$ select clear_channel_overwrite(pg_temp.channel(), 'member', md5('out')::uuid) $$), 'PT404 not_found', 'who was never there has nothing to clear');
select is(pg_temp.refusal($$ select clear_channel_group_overwrite(pg_temp.group_id(), 'member', md5('out')::uuid) $$), 'PT404 not_found', 'in a group neither');
select pg_temp.become('bob');
select is(pg_temp.refusal($$ select clear_channel_overwrite(pg_temp.channel(), 'member', md5('zoe')::uuid) $$), 'PT403 missing_permission', 'not everybody clears what is left');
select pg_temp.become('zoe');
select is(pg_temp.refusal($$ select clear_channel_overwrite(pg_temp.channel(), 'member', md5('zoe')::uuid) $$), 'PT404 not_found', 'least of all who is gone');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('synced'), 'member', md5('max')::uuid, p_deny => '{send_messages}');
select pg_temp.become('max');
select is(pg_temp.refusal($$ select clear_channel_overwrite(pg_temp.channel('synced'), 'member', md5('zoe')::uuid) $$), 'PT403 missing_permission', 'who manages roles clears what they hold themselves');
select is(pg_temp.refusal($$ select clear_channel_overwrite(pg_temp.channel(), 'member', md5('zoe')::uuid) $$), 'none', 'also of who is gone');
select pg_temp.become('ann');
select is(pg_temp.refusal($$ select clear_channel_group_overwrite(pg_temp.group_id(), 'member', md5('zoe')::uuid) $$), 'none', 'and in groups');
savepoint apart;
select is(pg_temp.refusal($$ select sync_channel_with_group(pg_temp.channel('synced')) $$), 'none', 'who is gone stands in no one''s way when a channel is synced');
rollback to savepoint apart;
select set_eq('select pg_temp.said()', array['synced:  | send_messages'], 'the channel that stands apart from its group keeps its own');
reset role;
select private.add_member(pg_temp.community(), md5('zoe')::uuid);
select pg_temp.become('zoe');
select is(can_view_channel(pg_temp.channel()), true, 'then it is gone');
select is(can_send_in_channel(pg_temp.channel('synced')), false, 'and what is left still holds');

-- With the account everything goes.
reset role;
delete from auth.users where id = md5('zoe')::uuid;
select is_empty($$ select from public.channel_overwrites w where w.user_id = md5('zoe')::uuid $$, 'an account that ends leaves nothing behind');
select is_empty($$ select from private.access_classes a where a.member_id = md5('zoe')::uuid $$, 'not a class either');

select * from finish();
rollback;
