begin;
select plan(4);
\ir ../shared.psql

-- Two communities in which a grant has ended: the younger one has waited longer.
select pg_temp.sign_up('ann', 'bob');
select pg_temp.become('ann');
select create_community(n) from unnest(array['Older', 'Younger']) as n;
reset role;
select private.add_member(pg_temp.community(n), md5('bob')::uuid) from unnest(array['Older', 'Younger']) as n;
select pg_temp.become('ann');
create function pg_temp.holder(p_name text) returns uuid language sql as $$ select (create_role(pg_temp.community(p_name), 'guest')).id $$;
select grant_role(pg_temp.community(n), md5('bob')::uuid, pg_temp.holder(n), now() + interval '1 hour') from unnest(array['Older', 'Younger']) as n;
reset role;
update public.member_roles set expires_at = now() - interval '1 second' where user_id = md5('bob')::uuid;
update public.community_members set access_expires_at = '1999-01-01' where user_id = md5('bob')::uuid and community_id = pg_temp.community('Younger');
update public.community_members set access_expires_at = '1999-01-02' where user_id = md5('bob')::uuid and community_id = pg_temp.community('Older');
-- In which communities a grant of bob's has ended and is stored on.
create function pg_temp.waiting() returns text[] language sql as $$
  select coalesce(array_agg(c.name order by c.name), '{}')
  from public.community_members m join public.communities c on c.id = m.community_id
  where m.user_id = md5('bob')::uuid and m.access_expires_at <= now()
$$;
select is(pg_temp.waiting(), '{Older,Younger}', 'both wait');
select private.sweep_access(1);
select is(pg_temp.waiting(), '{Older}', 'one sweep of one takes the one that has waited longest');
select private.sweep_access(1);
select is(pg_temp.waiting(), '{}', 'and the next one the other');
select is((select count(*) from public.member_roles where user_id = md5('bob')::uuid), 0::bigint, 'and nothing of the grants is left');

select * from finish();
rollback;
