begin;
select plan(14);
\ir ../shared.psql
\ir ../voice.psql

-- Who holds the role guest may connect, to the lounge for a while and to the stage for longer.
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'guest');
select set_channel_overwrite(pg_temp.channel(n), 'role', pg_temp.role('everyone'), '{}', '{connect}') from unnest(array['lounge', 'stage']) as n;
select set_channel_overwrite(pg_temp.channel('lounge'), 'role', pg_temp.role('guest'), '{connect}');
select grant_role(pg_temp.community(), md5(n)::uuid, pg_temp.role('guest'), now() + interval '1 hour') from unnest(array['cleo', 'dan']) as n;
select pg_temp.become('cleo');
select lives_ok(format('select join_voice(%L)', pg_temp.channel('lounge')), 'while it lasts they join');
select pg_temp.become('dan');
select join_voice(pg_temp.channel('lounge'));

-- The hour has passed, and no sweep has come. Time goes by without a statement, so nothing may hear of this one.
create function pg_temp.pass() returns void language plpgsql as $$
begin
  alter table public.community_members disable trigger voice_refresh_of_members;
  update public.member_roles set expires_at = now() - interval '1 second' where community_id = pg_temp.community();
  update public.community_members set access_expires_at = '1999-01-01'
  where community_id = pg_temp.community() and access_expires_at is not null;
  alter table public.community_members enable trigger voice_refresh_of_members;
end
$$;
create function pg_temp.come_back() returns void language plpgsql as $$
begin
  alter table public.community_members disable trigger voice_refresh_of_members;
  update public.member_roles set expires_at = now() + interval '1 hour' where community_id = pg_temp.community();
  update public.community_members set access_expires_at = now() + interval '1 hour'
  where community_id = pg_temp.community() and access_expires_at is not null;
  alter table public.community_members enable trigger voice_refresh_of_members;
end
$$;
reset role;
select pg_temp.pass();
select pg_temp.become('cleo');
select is(pg_temp.refused_permission(format('select renew_voice(%L)', pg_temp.channel('lounge'))), 'PT403 missing_permission connect', 'when it is over nobody renews');
select is(pg_temp.refused_permission(format('select authorize_voice(%L, %L)', pg_temp.community(), pg_temp.channel('lounge'))), 'PT403 missing_permission connect', 'nor has servers');
select is(pg_temp.refused_permission(format('select send_voice_signal(%L, md5(''dan'')::uuid, ''ice'', ''{}'')', pg_temp.channel('lounge'))), 'PT403 missing_permission connect', 'nor signals');
select is(pg_temp.refused_permission(format('select set_voice_state(%L, true)', pg_temp.channel('lounge'))), 'PT403 missing_permission connect', 'nor says anything');
select is(pg_temp.refused_permission(format('select get_voice(%L)', pg_temp.channel('lounge'))), 'PT403 missing_permission connect', 'nor looks');

-- Moved by a moderator to where the right ends.
reset role;
select pg_temp.come_back();
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('stage'), 'role', pg_temp.role('guest'), '{connect}');
select set_channel_overwrite(pg_temp.channel('lounge'), 'member', md5('cleo')::uuid, '{connect}');
select is(pg_temp.refusal(format('select move_member(%L, md5(''cleo'')::uuid, %L)', pg_temp.channel('lounge'), pg_temp.channel('stage'))), 'none', 'moved to the stage');
reset role;
select pg_temp.pass();
select pg_temp.become('cleo');
select is(
  pg_temp.refused_permission(format('select renew_voice(%L)', pg_temp.channel('lounge'))), 'PT403 missing_permission connect',
  'the right to where one was does not keep the seat where one is'
);

-- The sweep ends it, and says so.
reset role;
select is((select count(*) from private.voice_sessions where user_id = md5('cleo')::uuid), 1::bigint, 'until the sweep comes');
select count(*) from pg_temp.said();
-- Of one community: where somebody has waited longest. Others may wait, too.
select private.sweep_access(1);
select is((select count(*) from private.voice_sessions where user_id in (md5('cleo')::uuid, md5('dan')::uuid)), 0::bigint, 'which ends it');
select is((select count(*) from pg_temp.said() s where s.event = 'roster_changed' and s.payload -> 'left' <> '[]'), 2::bigint, 'and tells each channel');
select is_empty($$ select * from private.live_voice_sessions s where s.channel_id in (pg_temp.channel('lounge'), pg_temp.channel('stage')) $$, 'nobody is left');

-- Where everybody may connect, that ends while a grant that gave the same has ended unswept: the stored answer of its class stays as it is.
select pg_temp.become('ann');
select create_channel(pg_temp.community(), 'den', 'voice');
select set_channel_overwrite(pg_temp.channel('den'), 'role', pg_temp.role('guest'), '{connect}');
select grant_role(pg_temp.community(), md5('cleo')::uuid, pg_temp.role('guest'), now() + interval '1 hour');
select grant_role(pg_temp.community(), md5('bob')::uuid, pg_temp.role('guest'));
select pg_temp.become('bob');
select join_voice(pg_temp.channel('den'));
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('den'));
reset role;
alter table public.community_members disable trigger voice_refresh_of_members;
update public.member_roles set expires_at = now() - interval '1 second' where user_id = md5('cleo')::uuid;
update public.community_members set access_expires_at = now() - interval '1 second' where user_id = md5('cleo')::uuid;
alter table public.community_members enable trigger voice_refresh_of_members;
select is(pg_temp.in_voice('den'), '{bob,cleo}', 'who may connect without the grant stays when it ends');
select pg_temp.become('ann');
select set_channel_overwrite(pg_temp.channel('den'), 'role', pg_temp.role('everyone'), '{}', '{connect}');
select is(pg_temp.in_voice('den'), '{bob}', 'and is out with the right of everybody, but not who holds the role on');

select * from finish();
rollback;
