begin;
select plan(7);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

create temp table communities (id uuid, name text);
insert into pg_temp.communities values ('c0000000-0000-4000-8000-000000000001', 'Rust'), ('c0000000-0000-4000-8000-000000000002', 'Go'),
  ('c0000000-0000-4000-8000-000000000003', 'Zig'), ('c0000000-0000-4000-8000-000000000004', 'Ada'), ('c0000000-0000-4000-8000-000000000005', 'Elm');
create function pg_temp.holds(p_name text) returns boolean language sql as $$
  select exists (
    select from pg_temp.communities c
    join pg_locks l on l.locktype = 'advisory' and l.mode = 'ExclusiveLock' and l.granted and l.pid = pg_backend_pid()
      and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(c.id::text, 0)
    where c.name = p_name
  )
$$;

-- As the other tables are filled by hand here, no function has locked the communities before.
insert into public.communities (id, name, owner_id) select id, name, md5('ann')::uuid from pg_temp.communities;
insert into public.roles (community_id, name, position) select id, 'everyone', 0 from pg_temp.communities;
insert into public.community_members (community_id, user_id, access_class_id, sort_name)
select id, md5('bob')::uuid, private.access_class(id, '{}', null), 'bob' from pg_temp.communities where name = 'Rust';
-- Of three he was a member once: in one stands a message of his, in one a thread, and in one there was something.
insert into public.channels (community_id, id, kind, name, position) select id, id, 'text', 'general', 0 from pg_temp.communities;
insert into public.messages (channel_id, seq, author_id, body, revision) select id, 1, md5('bob')::uuid, 'still here', 1 from pg_temp.communities where name = 'Zig';
insert into private.threads (community_id, channel_id, kind, name, owner_id, archive_after_minutes, silence_at)
select id, id, 'private', 'aside', md5('bob')::uuid, 60, now() from pg_temp.communities where name = 'Ada';
insert into private.tombstones (channel_id, seq, author_id) select id, 1, md5('bob')::uuid from pg_temp.communities where name = 'Elm';
select ok(not pg_temp.holds('Rust'), 'nothing is locked to begin with');

-- The profile goes before the memberships do: a lock that is held by then came before any of these rows.
create temp table held (rust boolean, go boolean, zig boolean, ada boolean, elm boolean);
create function pg_temp.note() returns trigger language plpgsql as $$
begin
  insert into held values (pg_temp.holds('Rust'), pg_temp.holds('Go'), pg_temp.holds('Zig'), pg_temp.holds('Ada'), pg_temp.holds('Elm'));
  return old;
end
$$;
create trigger note before delete on public.profiles for each row execute function pg_temp.note();
delete from auth.users where id = md5('bob')::uuid;

select is((select count(*) from held), 1::bigint, 'the account''s profile goes with it');
select ok((select rust from held), 'by then the community it was a member of is locked');
select ok((select zig from held), 'and those where it has written');
select ok((select ada from held), 'has opened a thread');
select ok((select elm from held), 'or has deleted something');
select ok((select not go from held), 'and no other');

select * from finish();
rollback;
