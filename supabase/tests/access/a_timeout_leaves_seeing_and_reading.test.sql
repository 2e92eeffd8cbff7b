begin;
select plan(19);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'cleo');

-- ann owns the community, bob is a member, cleo holds a role with administrator.
select pg_temp.become('ann');
select create_community('Rust');
select send_message(pg_temp.channel(), 'hello');
reset role;
insert into public.roles (community_id, id, name, position, permissions) values
  (pg_temp.community(), 'd0000000-0000-4000-8000-000000000001', 'admins', 1, private.permission_mask('administrator'));
select private.add_member(pg_temp.community(), md5(name)::uuid)
from unnest(array['bob', 'cleo']) as name;
insert into public.member_roles (community_id, user_id, role_id) values
  (pg_temp.community(), md5('cleo')::uuid, 'd0000000-0000-4000-8000-000000000001');
select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.user_id = md5('cleo')::uuid group by m.community_id;

select pg_temp.become('bob');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hi'')'), 'none', 'before the timeout bob may send');
select is(pg_temp.refusal('select create_invite(pg_temp.community())'), 'none', 'and invite');

reset role;
update public.community_members set timed_out_until = now() + interval '1 minute' where community_id = pg_temp.community();
select pg_temp.become('bob');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hi'')'), 'PT403 timed_out', 'during the timeout bob may not send');
select is(pg_temp.refusal('select create_invite(pg_temp.community())'), 'PT403 timed_out', 'nor invite');
select is(
  pg_temp.refusal('select update_my_membership(pg_temp.community(), ''all read this'')'), 'PT403 timed_out', 'nor say something by a new name'
);
select is((select count(*) from list_messages(pg_temp.channel())), 2::bigint, 'bob still reads messages');
select is((select count(*) from list_channels(pg_temp.community())), 1::bigint, 'and sees the channel');
select is(pg_temp.refusal('select sync_channel(pg_temp.channel())'), 'none', 'and follows it');

select pg_temp.become('ann');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hi'')'), 'none', 'the owner is exempt');
select is(pg_temp.refusal('select create_channel(pg_temp.community(), ''x'')'), 'none', 'in the community as a whole too');
reset role;
delete from public.channels where name = 'x' and community_id = pg_temp.community();
select pg_temp.become('cleo');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hi'')'), 'none', 'an administrator is exempt');
select is(pg_temp.refusal('select create_channel_group(pg_temp.community(), ''x'')'), 'none', 'in the community as a whole too');

select is(pg_temp.refusal('select update_my_membership(pg_temp.community(), ''Cleo'')'), 'none', 'and for a new name');

-- Told apart: what the timeout takes, and what was never given.
select pg_temp.become('bob');
select is(
  pg_temp.refusal('select create_channel(pg_temp.community(), ''x'')'), 'PT403 missing_permission',
  'what bob may not do without the timeout either is not put down to it'
);
reset role;
insert into public.channel_overwrites (community_id, channel_id, role_id, deny)
select community_id, pg_temp.channel(), id, private.permission_mask('read_history')
from public.roles where community_id = pg_temp.community() and is_default;
select private.resolve_access(pg_temp.community());
select pg_temp.become('bob');
select is(
  pg_temp.refusal('select list_messages(pg_temp.channel())'), 'PT403 missing_permission', 'nor what he may not do in a channel'
);

reset role;
update public.community_members set timed_out_until = now() - interval '1 second' where community_id = pg_temp.community();
select pg_temp.become('bob');
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hi'')'), 'none', 'when the timeout is over bob may send again');
select is(pg_temp.refusal('select update_my_membership(pg_temp.community(), ''Bob'')'), 'none', 'and take a new name');

-- A client in another zone is not a second earlier or later.
reset role;
update public.community_members set timed_out_until = now() + interval '1 minute' where community_id = pg_temp.community();
select pg_temp.become('bob');
set local timezone = 'Pacific/Kiritimati';
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hi'')'), 'PT403 timed_out', 'a client in the east does not end the timeout');
set local timezone = 'Etc/GMT+12';
select is(pg_temp.refusal('select send_message(pg_temp.channel(), ''hi'')'), 'PT403 timed_out', 'nor one in the west');

select * from finish();
rollback;
