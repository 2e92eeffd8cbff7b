begin;
select plan(21);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'max', 'bob', 'zoe');
create function pg_temp.mentions(p_body text) returns jsonb language sql as $$ select (send_message(pg_temp.channel(), p_body)).mentions $$;
create function pg_temp.said(p_users uuid[], p_roles uuid[], p_channels uuid[], p_everyone boolean) returns jsonb language sql as $$
  select jsonb_build_object('user_ids', p_users, 'role_ids', p_roles, 'channel_ids', p_channels, 'everyone', p_everyone)
$$;
create function pg_temp.subjects(p_seq bigint) returns uuid[] language sql security definer as $$
  select array(select subject_id from private.message_mentions where channel_id = pg_temp.channel() and seq = p_seq order by subject_id)
$$;

select pg_temp.become('zoe');
select create_community('Zig');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'staff');
select create_role(pg_temp.community(), 'helpers');
select create_role(pg_temp.community(), 'callers', '{mention_everyone}');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['max', 'bob']) as name;
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('max')::uuid, pg_temp.role('callers'));

select pg_temp.become('bob');
select is(pg_temp.mentions('hello'), null, 'who mentions nobody mentions nobody');
select is(pg_temp.mentions(format('hello <@%s> and <@%s>', md5('ann')::uuid, md5('ann')::uuid)), pg_temp.said(array[md5('ann')::uuid], '{}', '{}', false), 'a member is mentioned by id, once');
select is(pg_temp.subjects(2), array[md5('ann')::uuid], 'and it is kept');
select is(pg_temp.mentions(format('see <#%s>', pg_temp.channel())), pg_temp.said('{}', '{}', array[pg_temp.channel()], false), 'so is a channel');
select is(pg_temp.subjects(3), '{}', 'which nobody is called by');
select is(pg_temp.mentions(format('<@%s>', md5('zoe')::uuid)), null, 'who is no member is not');
select is(pg_temp.mentions(format('<@%s> <@&%s> <#%s>', gen_random_uuid(), gen_random_uuid(), gen_random_uuid())), null, 'nor what does not exist');
select is(pg_temp.mentions(format('<#%s>', pg_temp.channel('staff'))), null, 'nor a channel that the author does not see');
select is(pg_temp.mentions(format('<#%s>', (select id from public.channels c where c.community_id = pg_temp.community('Zig')))), null, 'nor one of another community');
select is(pg_temp.mentions(format('@everyone <@&%s>', pg_temp.role('helpers'))), null, 'nor roles and everyone, without the right');
select is((select body from list_messages(pg_temp.channel(), 1)), format('@everyone <@&%s>', pg_temp.role('helpers')), 'what may not be mentioned stays text');
select is(pg_temp.mentions('<@nobody> <@> <#> <@&> @everyones <@' || repeat('0', 36) || '>'), null, 'what only looks like it is text, too');

select pg_temp.become('max');
select is(pg_temp.mentions(format('@everyone <@&%s>', pg_temp.role('helpers'))), pg_temp.said('{}', array[pg_temp.role('helpers')], '{}', true), 'with the right they are');
select set_eq(
  $$ select unnest(pg_temp.subjects((select last_seq from private.channel_heads where channel_id = pg_temp.channel()))) $$,
  $$ select unnest(array[pg_temp.role('helpers'), pg_temp.role('everyone')]) $$, 'everyone is who holds the default role'
) from (select set_config('role', 'none', true)) as server;
select pg_temp.become('max');
select is(pg_temp.mentions(format('<@&%s>', pg_temp.role('everyone'))), null, 'which is no role to mention');

-- Editing.
select pg_temp.become('bob');
select is((edit_message(pg_temp.channel(), 1, format('hello <@%s>', md5('max')::uuid))).mentions, pg_temp.said(array[md5('max')::uuid], '{}', '{}', false), 'who is mentioned by an edit is mentioned');
select is(pg_temp.subjects(1), array[md5('max')::uuid], 'as if it were sent now');
select is((edit_message(pg_temp.channel(), 2, 'hello')).mentions, null, 'who is not any more is not');
select is(pg_temp.subjects(2), '{}', 'nor kept');

-- Many.
reset role;
insert into auth.users (id, email) select md5('member ' || n)::uuid, n || '@example.com' from generate_series(1, 51) as n;
select private.add_member(pg_temp.community(), md5('member ' || n)::uuid) from generate_series(1, 51) as n;
select pg_temp.become('bob');
select is(
  jsonb_array_length(pg_temp.mentions((select string_agg('<@' || md5('member ' || n)::uuid || '>', '') from generate_series(1, 50) as n)) -> 'user_ids'), 50, 'a message mentions up to 50'
);
select is(
  pg_temp.refused_field(format('select send_message(pg_temp.channel(), %L)', (select string_agg('<@' || md5('member ' || n)::uuid || '>', '') from generate_series(1, 51) as n))),
  'PT422 invalid_argument p_body', 'and no more'
);

select * from finish();
rollback;
