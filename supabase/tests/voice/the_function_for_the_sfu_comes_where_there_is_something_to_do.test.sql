begin;
select plan(9);
\ir ../voice_sfu.psql

delete from net.http_request_queue where url like 'https://project.example/%';
delete from vault.secrets where name like 'guildhall_functions_%';
create function pg_temp.calls() returns bigint language plpgsql as $$
begin
  delete from net.http_request_queue where url like 'https://project.example/%';
  perform private.call_for_voice_sfu();
  return (select count(*) from net.http_request_queue where url = 'https://project.example/functions/v1/voice-sfu');
end
$$;

select pg_temp.session('bob');
delete from private.voice_sessions where id = pg_temp.id('bob');
select is(pg_temp.calls(), 0::bigint, 'where nothing is set up nobody is called');
select vault.create_secret('https://project.example/functions/v1', 'guildhall_functions_url');
select vault.create_secret('a test''s secret', 'guildhall_functions_secret');
select is(pg_temp.calls(), 1::bigint, 'where the SFU is to be told, the function is');
select claim_voice_sfu_changes(100);
select is(pg_temp.calls(), 0::bigint, 'not while somebody is at work on it');
select finish_voice_sfu_change(pg_temp.id('bob'), (select version from private.voice_sfu_changes), 'it failed');
select is(pg_temp.calls(), 0::bigint, 'nor before it is tried again');
update private.voice_sfu_changes set claimable_at = clock_timestamp() where true;
select is(pg_temp.calls(), 1::bigint, 'but then');
delete from private.voice_sfu_changes where true;
select is(pg_temp.calls(), 0::bigint, 'where nothing waits nobody is called');

insert into private.voice_sfu_rooms (room, watched_until) values (pg_temp.channel('hall'), clock_timestamp() + interval '5 minutes');
select is(pg_temp.calls(), 0::bigint, 'nor where a room was just looked at');
update private.voice_sfu_rooms set look_at = clock_timestamp() where true;
select is(pg_temp.calls(), 1::bigint, 'where one is to be looked at, the function comes');
update private.voice_sfu_rooms set watched_until = clock_timestamp() - interval '1 second' where true;
select is(pg_temp.calls(), 0::bigint, 'and not for a room where nobody can be any more');

select * from finish();
rollback;
