begin;
select plan(4);
\ir ../shared.psql
\ir ../voice.psql

-- Administrators are exempt from timeouts, and @everyone may connect: what is stored for the channel says that in either case.
select pg_temp.become('ann');
select create_role(pg_temp.community(), 'boss');
select set_role_permissions(pg_temp.role('boss'), '{administrator}');
select timeout_member(pg_temp.community(), md5('cleo')::uuid, clock_timestamp() + interval '1 hour');
select grant_role(pg_temp.community(), md5('cleo')::uuid, pg_temp.role('boss')), grant_role(pg_temp.community(), md5('dan')::uuid, pg_temp.role('boss'));
select pg_temp.become('dan');
select join_voice(pg_temp.channel('lounge'));
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('lounge'));
reset role;
select is(pg_temp.in_voice('lounge'), '{dan,cleo}', 'an administrator is in it, timed out or not');

select pg_temp.become('ann');
select set_role_permissions(pg_temp.role('boss'), '{}');
reset role;
select is(pg_temp.in_voice('lounge'), '{dan}', 'the role is no administrator''s any more: who is timed out is out, and nobody else');

select pg_temp.become('ann');
select set_role_permissions(pg_temp.role('boss'), '{administrator}');
select pg_temp.become('cleo');
select join_voice(pg_temp.channel('lounge'));
reset role;
select is(pg_temp.in_voice('lounge'), '{dan,cleo}', 'and in it again');
select pg_temp.become('ann');
select set_role_permissions(pg_temp.role('boss'), array(select p.key from public.permissions_catalog p where p.key <> 'administrator'));
reset role;
select is(pg_temp.in_voice('lounge'), '{dan}', 'nor where it keeps every other permission');

select * from finish();
rollback;
