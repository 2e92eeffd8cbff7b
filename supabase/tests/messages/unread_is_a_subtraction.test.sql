begin;
select plan(30);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'max', 'zoe');
create function pg_temp.unread(p_channel text default 'general') returns text language sql as $$
  select concat_ws(' ', u.unread, u.first_unread_seq, u.mentions) from list_unread(pg_temp.community()) u where u.channel_id = pg_temp.channel(p_channel)
$$;
create function pg_temp.told() returns setof jsonb language sql security definer as $$
  select payload - 'id' from broadcasts where event = 'channel_read' and topic = 'user:' || md5('bob')::uuid
$$;
select pg_temp.become('zoe');
select create_community('Zig');
select pg_temp.become('ann');
select create_community('Rust');
select create_channel(pg_temp.community(), 'other');
select create_channel(pg_temp.community(), 'staff');
select create_role(pg_temp.community(), 'helpers');
select set_channel_overwrite(pg_temp.channel('staff'), 'role', pg_temp.role('everyone'), p_deny => '{view_channel}');
select send_message(pg_temp.channel(), 'before ' || n) from generate_series(1, 3) as n;
select send_message(pg_temp.channel('staff'), 'secret');
select is((select count(*) from list_unread()), 0::bigint, 'what one sends oneself one has read');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'max']) as name;

select pg_temp.become('bob');
select is((select count(*) from list_unread()), 0::bigint, 'whoever joins has nothing unread');
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'after ' || n) from generate_series(1, 4) as n;
select send_message(pg_temp.channel('other'), 'first');
select send_message(pg_temp.channel('staff'), 'secret');
select pg_temp.become('bob');
select is(pg_temp.unread(), '4 4 0', 'what is sent afterwards is unread, from its first on');
select is(pg_temp.unread('other'), '1 1 0', 'in each channel by itself');
select is(pg_temp.unread('staff'), null, 'but not where one sees nothing');
select is((select array_agg(last_seq order by last_seq) from list_unread()), '{1,7}', 'with where each channel stands');
select set_eq('select * from list_unread()', 'select * from list_unread(pg_temp.community())', 'in one community or in all of them');

-- Reading.
select lives_ok('select mark_read(pg_temp.channel(), 5)', 'who has read says so');
select is(pg_temp.unread(), '2 6 0', 'and has the rest unread');
select is(array(select pg_temp.told()), array[jsonb_build_object('channel_id', pg_temp.channel(), 'last_read_seq', 5)], 'their other devices hear of it');
select mark_read(pg_temp.channel(), 4);
select is(pg_temp.unread(), '2 6 0', 'it never goes back');
select mark_read(pg_temp.channel(), 5);
select is((select count(*) from pg_temp.told()), 1::bigint, 'and nothing is told where nothing changes');
select mark_read(pg_temp.channel(), 9223372036854775807);
select is(pg_temp.unread(), null, 'all of it is read by any greater number');
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'news');
select pg_temp.become('bob');
select is(pg_temp.unread(), '1 8 0', 'but what comes later is not read by it');
select is((send_message(pg_temp.channel(), 'mine')).seq, 9::bigint, 'who sends');
select is(pg_temp.unread(), null, 'has read what was there');

-- Mentions.
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('bob')::uuid, pg_temp.role('helpers'));
select send_message(pg_temp.channel(), body) from unnest(array[
  'hello', '<@' || md5('bob')::uuid || '> and <@&' || pg_temp.role('helpers') || '>', '@everyone', '<@' || md5('max')::uuid || '>'
]) as body;
select pg_temp.become('bob');
select is(pg_temp.unread(), '4 10 2', 'mentions are counted by themselves: of oneself, of a role held, of everyone; each message once');
select pg_temp.become('max');
select is(pg_temp.unread(), '10 4 2', 'for each their own');
select pg_temp.become('ann');
select revoke_role(pg_temp.community(), md5('bob')::uuid, pg_temp.role('helpers'));
select delete_message(pg_temp.channel(), 12);
select pg_temp.become('bob');
select is(pg_temp.unread(), '4 10 1', 'what is deleted mentions nobody, and keeps its number');
select mark_read(pg_temp.channel(), 11);
select is(pg_temp.unread(), '2 12 0', 'what is read mentions no longer');

-- Who does not.
select is(pg_temp.refused_field('select mark_read(pg_temp.channel(), -1)'), 'PT422 invalid_argument p_seq', 'no message has a number below 1');
select is(pg_temp.refused_field('select mark_read(pg_temp.channel(), null)'), 'PT422 invalid_argument p_seq', 'or none');
select is(pg_temp.refused_field('select mark_read(pg_temp.channel(''staff''), 1)'), 'PT404 not_found p_channel_id', 'where one sees nothing one reads nothing');
select pg_temp.become('zoe');
select is(pg_temp.refused_field('select mark_read(pg_temp.channel(), 1)'), 'PT404 not_found p_channel_id', 'nor does an outsider');
select is(pg_temp.refused_field('select list_unread(pg_temp.community())'), 'PT404 not_found p_community_id', 'who has nothing unread there');
select is((select count(*) from list_unread()), 0::bigint, 'nor anywhere');
select set_config('request.jwt.claim.sub', '', true), set_config('request.jwt.claims', '', true);
select is(pg_temp.refusal('select list_unread()'), 'PT401 session_required', 'nor who is nobody');
select pg_temp.become('bob');
select leave_community(pg_temp.community());
select is((select count(*) from list_unread()), 0::bigint, 'nor does who has left');
reset role;
select is((select count(*) from private.channel_reads where user_id = md5('bob')::uuid), 0::bigint, 'of whom nothing is kept');
select private.add_member(pg_temp.community(), md5('bob')::uuid);
select pg_temp.become('bob');
select is((select count(*) from list_unread()), 0::bigint, 'and who begins anew on coming back');

select * from finish();
rollback;
