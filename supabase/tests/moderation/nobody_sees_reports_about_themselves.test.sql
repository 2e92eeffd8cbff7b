begin;
select plan(32);
\ir ../shared.psql
\ir ../reports.psql

-- All of them are staff; cleo reports. bob is the author; ann owns; the others have, had or will have something to manage.
select pg_temp.sign_up('ann', 'bob', 'cleo', 'moderator', 'helper', 'former', 'later', 'member', 'stranger', 'owner');
select pg_temp.appoint(name) from unnest(array['ann', 'bob', 'moderator', 'helper', 'former', 'member', 'stranger', 'later']) as name;
select pg_temp.appoint('owner', 'admin');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo', 'moderator', 'helper', 'former', 'later', 'member']) as name;
select pg_temp.become('ann');
select create_channel(pg_temp.community(), 'aside');
select create_role(pg_temp.community(), 'moderators');
select set_role_permissions(pg_temp.role('moderators'), '{view_channel,kick_members}');
select grant_role(pg_temp.community(), md5(name)::uuid, pg_temp.role('moderators')) from unnest(array['moderator', 'former']) as name;
-- A right in one other channel is enough.
select set_channel_overwrite(pg_temp.channel('aside'), 'member', md5('helper')::uuid, '{manage_threads}');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'hello');
select pg_temp.become('cleo');
select set_config('test.message', (report_message(pg_temp.channel(), 1, 'spam')).id::text, true);
select set_config('test.user', (report_user(md5('bob')::uuid, 'spam')).id::text, true);
select set_config('test.community', (report_community(pg_temp.community(), 'spam')).id::text, true);

-- Which of the three somebody finds in the list; which they open; and which they can be handed.
create function pg_temp.finds(p_name text) returns text language sql as $$
  select pg_temp.become(p_name);
  select coalesce((
    select string_agg(kind, ' ' order by kind) from unnest(array['message', 'user', 'community']) as kind
    where current_setting('test.' || kind)::uuid in (select r.id from pg_temp.listed() r)
  ), 'nothing')
$$;
create function pg_temp.opened_by(p_name text) returns text language sql as $$
  select pg_temp.become(p_name);
  select coalesce((
    select string_agg(kind, ' ' order by kind) from unnest(array['message', 'user', 'community']) as kind
    where pg_temp.refused_field(format('select get_report(%L)', current_setting('test.' || kind))) <> 'PT404 not_found p_report_id'
  ), 'nothing')
$$;
create function pg_temp.handed_to(p_name text) returns text language sql as $$
  select pg_temp.become('owner');
  select coalesce((
    select string_agg(kind, ' ' order by kind) from unnest(array['message', 'user', 'community']) as kind
    where pg_temp.refused_field(format('select assign_report(%L, %L)', current_setting('test.' || kind), md5(p_name)::uuid)) <> 'PT404 not_found p_user_id'
  ), 'nothing')
$$;
create function pg_temp.is_shown(p_name text, p_what text, p_why text) returns setof text language plpgsql as $$
begin
  return next is(pg_temp.finds(p_name), p_what, p_why);
  return next is(pg_temp.opened_by(p_name), p_what, '… and opens no other');
  return next is(pg_temp.handed_to(p_name), p_what, '… and is handed no other');
end
$$;

select pg_temp.is_shown('stranger', 'community message user', 'staff who are no members find all of them');
select pg_temp.is_shown('member', 'community message user', 'as do staff who manage nothing there');
select pg_temp.is_shown('bob', 'community', 'the accused finds nothing about himself');
select pg_temp.is_shown('ann', 'user', 'the owner finds nothing of her community');
select pg_temp.is_shown('moderator', 'user', 'nor does who may kick members of it');
select pg_temp.is_shown('helper', 'user', 'nor who manages threads in one of its channels');

-- Nor do they do anything with it.
select pg_temp.become('ann');
select is(
  array(
    select pg_temp.refused_field(format(call, current_setting('test.message'))) from unnest(array[
      'select assign_report(%L)', 'select note_report(%L, ''x'')', 'select resolve_report(%L, ''x'')', 'select dismiss_report(%L)', 'select reopen_report(%L)',
      'select act_on_report(%L, ''delete_message'')'
    ]) as call
  ),
  array_fill('PT404 not_found p_report_id'::text, array[6]), 'who owns the community does nothing with it either'
);
select pg_temp.become('bob');
select is(
  array(
    select pg_temp.refused_field(format(call, current_setting('test.message'))) from unnest(array[
      'select assign_report(%L)', 'select note_report(%L, ''x'')', 'select resolve_report(%L, ''x'')', 'select dismiss_report(%L)', 'select reopen_report(%L)',
      'select act_on_report(%L, ''delete_message'')'
    ]) as call
  ),
  array_fill('PT404 not_found p_report_id'::text, array[6]), 'nor does who is accused'
);

-- Who comes to manage it loses the sight of it, also with the report in hand; who managed it then does not gain it.
select pg_temp.become('owner');
select assign_report(current_setting('test.message')::uuid, md5('later')::uuid);
select pg_temp.become('stranger');
select is(pg_temp.refusal(format('select assign_report(%L)', current_setting('test.message'))), 'PT409 conflict', 'a reviewer takes nothing out of another''s hands');
select pg_temp.become('ann');
select grant_role(pg_temp.community(), md5('later')::uuid, pg_temp.role('moderators'));
select revoke_role(pg_temp.community(), md5('former')::uuid, pg_temp.role('moderators'));
select is(pg_temp.opened_by('later'), 'user', 'who is made a moderator afterwards opens it no more');
select is(
  pg_temp.refused_field(format('select act_on_report(%L, ''delete_message'')', current_setting('test.message'))), 'PT404 not_found p_report_id',
  'and does not act on it, with the report in hand'
);
select pg_temp.become('stranger');
select is(pg_temp.refusal(format('select assign_report(%L)', current_setting('test.message'))), 'none', 'so that another takes it on: who made them one holds nobody up');
select is(pg_temp.finds('former'), 'user', 'who was one when it was reported does not find it afterwards');
select pg_temp.become('former');
select leave_community(pg_temp.community());
select is(pg_temp.finds('former'), 'user', 'nor after leaving');

-- A new owner; and no community any more.
select pg_temp.become('ann');
select transfer_ownership(pg_temp.community(), md5('member')::uuid);
select is(pg_temp.finds('ann'), 'user', 'who has handed the community over is still accused');
select is(pg_temp.finds('member'), 'user', 'and who owns it since manages it');
select pg_temp.become('member');
select delete_community(pg_temp.community(), 'Rust');
select is(
  array[pg_temp.finds('ann'), pg_temp.finds('moderator'), pg_temp.finds('helper'), pg_temp.finds('former'), pg_temp.finds('bob')],
  array['user', 'user', 'user', 'user', 'community'], 'with the community deleted nobody finds what they did not find before'
);

-- Who manages another community is concerned with that one only.
select pg_temp.become('stranger');
select create_community('Zig');
select is(pg_temp.finds('stranger'), 'community message user', 'what one manages elsewhere takes nothing away');

select is(pg_temp.opened_by('owner'), 'community message user', 'and staff who have nothing to do with it opened it all along');
reset role;
select is(
  private.concerned_ids(null, null) || private.concerned_ids(null, md5('bob')::uuid), array[md5('bob')::uuid], 'without a community only the accused is concerned'
);

select * from finish();
rollback;
