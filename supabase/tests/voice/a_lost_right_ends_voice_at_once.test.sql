begin;
select plan(90);
\ir ../shared.psql
\ir ../voice.psql

-- Each way in which the right to be in voice ends, by who does what.
create temp table losses (cause text primary key, name text, call text);
insert into losses values
  ('kicked', 'bob', 'select kick_member(pg_temp.community(), md5(''cleo'')::uuid)'),
  ('banned', 'bob', 'select ban_member(pg_temp.community(), md5(''cleo'')::uuid)'),
  ('timed out', 'bob', 'select timeout_member(pg_temp.community(), md5(''cleo'')::uuid, clock_timestamp() + interval ''1 hour'')'),
  ('the community left', 'cleo', 'select leave_community(pg_temp.community())'),
  ('a role removed', 'ann', 'select revoke_role(pg_temp.community(), md5(''cleo'')::uuid, pg_temp.role(''talker''))'),
  ('a role''s permissions changed', 'ann', 'select set_role_permissions(pg_temp.role(''talker''), ''{add_reactions}'')'),
  ('a role deleted', 'ann', 'select delete_role(pg_temp.role(''talker''))'),
  ('an overwrite of a role', 'ann', 'select set_channel_overwrite(pg_temp.channel(''booth''), ''role'', pg_temp.role(''talker''), ''{}'', ''{connect}'')'),
  ('an overwrite of the member', 'ann', 'select set_channel_overwrite(pg_temp.channel(''booth''), ''member'', md5(''cleo'')::uuid, ''{}'', ''{connect}'')'),
  ('the channel hidden', 'ann', 'select set_channel_overwrite(pg_temp.channel(''booth''), ''role'', pg_temp.role(''everyone''), ''{}'', ''{view_channel}'')'),
  ('the channel deleted', 'ann', 'select delete_channel(pg_temp.channel(''booth''))'),
  ('the community deleted', 'ann', 'select delete_community(pg_temp.community(), ''Rust'')'),
  ('the account ended', 'cleo', 'select delete_my_account(''remove'')');
grant select on losses to public;

-- In the booth may be who holds the role talker.
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'talker');
select set_role_permissions(pg_temp.role('everyone'), '{view_channel,read_history,send_messages}');
select set_role_permissions(pg_temp.role('talker'), '{connect,speak,stream}');
select create_channel(pg_temp.community(), 'booth', 'voice');
select grant_role(pg_temp.community(), md5(n)::uuid, pg_temp.role('talker')) from unnest(array['bob', 'cleo', 'dan']) as n;
select join_voice(pg_temp.channel('booth'));
select pg_temp.become('bob');
select join_voice(pg_temp.channel('booth'));
select pg_temp.become('cleo');
select set_config('request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || jsonb_build_object('session_id', md5('cleo')::uuid))::text, true);
select join_voice(pg_temp.channel('booth'), pg_temp.device('phone')), join_voice(pg_temp.channel('booth'), pg_temp.device('laptop'));
reset role;
insert into auth.sessions (id, user_id, created_at, updated_at) values (md5('cleo')::uuid, md5('cleo')::uuid, now(), now());
-- All of them have been given tokens for an SFU.
update private.voice_sessions s set sfu_token_at = now() where s.channel_id = pg_temp.channel('booth');
select count(*) from pg_temp.said();

-- What is true after it; everything is undone again.
create function pg_temp.after(
  p_loss losses, out ended boolean, out told boolean, out queued boolean, out moved boolean, out refused text[], out from_them text, out to_them text
) language plpgsql as $$
declare
  v_channel uuid := pg_temp.channel('booth');
  v_community uuid := pg_temp.community();
  v_topic text := pg_temp.voice_topic('booth');
  v_ids uuid[] := array(select s.id from private.voice_sessions s where s.user_id = md5('cleo')::uuid order by 1);
  v_said record;
begin
  perform pg_temp.refill();
  perform pg_temp.become(p_loss.name);
  if p_loss.name = 'cleo' then
    perform set_config('request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || jsonb_build_object('session_id', md5('cleo')::uuid))::text, true);
  end if;
  execute p_loss.call;
  reset role;
  ended := not exists (select from private.voice_sessions s where s.user_id = md5('cleo')::uuid);
  queued := v_ids <@ array(select c.session_id from private.voice_sfu_changes c where c.is_removal);
  moved := pg_temp.voice_topic('booth') is distinct from v_topic;
  told := exists (
    select from pg_temp.said() s
    where s.event = 'roster_changed' and s.payload ->> 'channel_id' = v_channel::text and s.payload -> 'present' = '[]'
      and v_ids <@ array(select e::uuid from jsonb_array_elements_text(s.payload -> 'left') as e)
  );
  perform pg_temp.become('cleo');
  refused := array[
    pg_temp.refusal(format('select renew_voice(%L, pg_temp.device(''phone''))', v_channel)),
    pg_temp.refusal(format('select join_voice(%L, pg_temp.device(''phone''))', v_channel)),
    pg_temp.refusal(format('select authorize_voice(%L, %L)', v_community, v_channel)),
    pg_temp.refusal(format('select get_voice(%L)', v_channel))
  ];
  from_them := pg_temp.refusal(format('select send_voice_signal(%L, md5(''ann'')::uuid, ''ice'', ''{}'', p_device_id => pg_temp.device(''phone''))', v_channel));
  perform pg_temp.become('ann');
  to_them := pg_temp.refusal(format('select send_voice_signal(%L, md5(''cleo'')::uuid, ''ice'', ''{}'')', v_channel));
  reset role;
  raise exception using errcode = 'ZZ000';
exception when sqlstate 'ZZ000' then
  reset role;
end
$$;
create temp table outcomes as
select l.cause, a.* from losses l cross join lateral pg_temp.after(l) a;

select ok(o.ended, o.cause || ': the lease is gone in the same transaction') from outcomes o;
select ok(o.told, o.cause || ': the roster says so') from outcomes o where o.cause !~ 'deleted' or o.cause = 'a role deleted';
select ok(o.queued, o.cause || ': the removal from an SFU is queued') from outcomes o;
select ok(o.moved, o.cause || ': the topic has another name') from outcomes o;
select is(
  (select array_agg(distinct r order by r) from unnest(o.refused) as r),
  case
    when o.cause in ('a role removed', 'a role''s permissions changed', 'a role deleted', 'an overwrite of a role', 'an overwrite of the member') then array['PT403 missing_permission']
    when o.cause = 'timed out' then array['PT403 timed_out']
    else array['PT404 not_found']
  end,
  o.cause || ': renewing, joining, asking for servers and looking are refused'
) from outcomes o;
select is(
  o.from_them, o.refused [1], o.cause || ': so are signals from them'
) from outcomes o;
select is(o.to_them, 'PT404 not_found', o.cause || ': and to them') from outcomes o;

-- What leaves the right does not end it.
select pg_temp.become('cleo');
select update_my_membership(pg_temp.community(), 'Cleopatra');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('booth'), 'member', md5('dan')::uuid, '{add_reactions}');
select is(pg_temp.in_voice('booth'), '{ann,bob,cleo,cleo}', 'a change that takes nothing ends nothing');

select * from finish();
rollback;
