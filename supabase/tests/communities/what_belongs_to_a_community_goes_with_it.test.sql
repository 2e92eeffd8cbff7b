begin;
select plan(7);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select send_message(pg_temp.channel(), 'hello');
select pg_temp.become('bob');
select redeem_invite(current_setting('test.code'));
select create_invite(pg_temp.community());
select send_message(pg_temp.channel(), 'an answer', null, 1);
reset role;
-- bob has an overwrite, and with it a class, of his own.
insert into public.channel_overwrites (community_id, channel_id, user_id, allow)
values (pg_temp.community(), pg_temp.channel(), md5('bob')::uuid, private.permission_mask('pin_messages'));
select private.assign_access_classes(m.community_id, array_agg(m.user_id)) from public.community_members m
where m.user_id = md5('bob')::uuid group by m.community_id;

select lives_ok(format('delete from auth.users where id = %L', md5('bob')::uuid), 'a member''s account can be deleted');
select is((select count(*) from public.community_members where community_id = pg_temp.community()), 1::bigint, 'the membership goes with it');
select results_eq(
  $$ select seq, author_id from public.messages where channel_id = pg_temp.channel() order by seq $$,
  $$ values (1::bigint, md5('ann')::uuid), (2, null) $$,
  'the messages stay'
);
select throws_like(
  format('delete from auth.users where id = %L', md5('ann')::uuid), '%hand them over or delete them%', 'the owner''s account cannot be deleted while the community stands: it would have none'
);

select set_config('test.community', pg_temp.community()::text, true), set_config('test.channel', pg_temp.channel()::text, true);
delete from public.communities where id = pg_temp.community();
select is(
  (select count(*) from private.channel_heads where channel_id = current_setting('test.channel')::uuid and deleted_at is not null),
  1::bigint, 'messages stay for the sweep to remove'
);
select pg_temp.first_to_sweep();
select private.sweep_messages();
select is(
  (select count(*) from public.channels where community_id = current_setting('test.community')::uuid)
    + (select count(*) from public.channel_groups where community_id = current_setting('test.community')::uuid)
    + (select count(*) from public.roles where community_id = current_setting('test.community')::uuid)
    + (select count(*) from public.community_members where community_id = current_setting('test.community')::uuid)
    + (select count(*) from public.channel_overwrites where community_id = current_setting('test.community')::uuid)
    + (select count(*) from public.invites where community_id = current_setting('test.community')::uuid)
    + (select count(*) from public.messages where channel_id = current_setting('test.channel')::uuid)
    + (select count(*) from private.access_classes where community_id = current_setting('test.community')::uuid)
    + (select count(*) from private.channel_access where channel_id = current_setting('test.channel')::uuid)
    + (select count(*) from private.channel_heads where channel_id = current_setting('test.channel')::uuid)
    + (select count(*) from private.channel_events where channel_id = current_setting('test.channel')::uuid),
  0::bigint, 'nothing else is left of a community that is deleted, and after the sweep nothing at all'
);
select lives_ok(format('delete from auth.users where id = %L', md5('ann')::uuid), 'and its owner''s account can go');

select * from finish();
rollback;
