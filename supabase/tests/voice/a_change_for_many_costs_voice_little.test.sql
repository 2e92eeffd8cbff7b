begin;
select plan(3);
\ir ../shared.psql
\ir ../voice.psql

-- A pooled connection keeps its plans: made for a change of one row, they serve one of 10,000. The triggers stand on tables of their own
-- here, which need no 10,000 accounts.
create temp table crowd (like public.community_members including defaults);
create trigger crowd after update on crowd referencing old table as old_members new table as new_members
for each statement execute function private.refresh_voice_of_members();
insert into crowd (community_id, user_id, access_class_id, sort_name)
select pg_temp.community(), md5('crowd ' || n)::uuid, md5('class')::uuid, n::text from generate_series(1, 10000) n;

create temp table answers (like private.channel_access including defaults);
create trigger answers after update on answers referencing old table as old_access new table as new_access
for each statement execute function private.refresh_voice_after_resolution();
insert into answers (access_class_id, channel_id, permissions)
select md5('class ' || n % 100)::uuid, md5('channel ' || n / 100)::uuid, 0 from generate_series(0, 9999) n;

create temp table classes (like private.access_classes including defaults);
create trigger classes after update on classes referencing old table as old_classes new table as new_classes
for each statement execute function private.refresh_voice_after_administration();
insert into classes (id, community_id, role_ids, permissions, topic_epoch)
select md5('class ' || n)::uuid, pg_temp.community(), '{}', 0, 0 from generate_series(1, 10000) n;

create function pg_temp.seconds(p_one text, p_all text) returns double precision language plpgsql as $$
declare
  v_begun timestamptz;
begin
  execute p_one;
  v_begun := clock_timestamp();
  execute p_all;
  return extract(epoch from clock_timestamp() - v_begun);
end
$$;

select cmp_ok(
  pg_temp.seconds(
    $$update crowd set access_class_id = md5('one')::uuid where user_id = md5('crowd 1')::uuid$$,
    $$update crowd set access_class_id = md5('all')::uuid$$
  ), '<', 1.5::double precision, '10,000 members get another class, after one did'
);
select cmp_ok(
  pg_temp.seconds(
    $$update answers set permissions = 1 where access_class_id = md5('class 1')::uuid and channel_id = md5('channel 1')::uuid$$,
    $$update answers set permissions = private.permission_mask('connect')$$
  ), '<', 1.5::double precision, '10,000 answers change, after one did'
);
select cmp_ok(
  pg_temp.seconds(
    $$update classes set permissions = 1 where id = md5('class 1')::uuid$$,
    $$update classes set permissions = private.permission_mask('administrator')$$
  ), '<', 1.5::double precision, '10,000 classes change, after one did'
);

select * from finish();
rollback;
