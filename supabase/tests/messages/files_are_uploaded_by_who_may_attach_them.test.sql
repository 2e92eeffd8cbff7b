begin;
select plan(24);
\ir ../shared.psql
\ir ../files.psql

select pg_temp.sign_up('ann', 'bob', 'cleo', 'outsider');
select pg_temp.become('ann');
select create_community('Rust');
reset role;
select private.add_member(pg_temp.community(), md5(name)::uuid) from unnest(array['bob', 'cleo']) as name;

select results_eq(
  $$ select public, file_size_limit from storage.buckets where id = 'attachments' $$,
  $$ values (false, 25 * 1024 * 1024::bigint) $$,
  'the bucket is private, and its files are of up to 25 MiB'
);

-- Storage asks by an insert that it rolls back; so does this.
create function pg_temp.puts(p_path text, p_bucket text default 'attachments') returns text language plpgsql as $$
begin
  insert into storage.objects (bucket_id, name, owner_id, version) values (p_bucket, p_path, auth.uid()::text, '1');
  raise sqlstate 'ZZ000';
exception
  when sqlstate 'ZZ000' then return 'taken';
  when others then return sqlstate;
end
$$;
create function pg_temp.path(p_who text) returns text language sql as $$ select pg_temp.file_path(p_who, 'a') $$;

select pg_temp.become('bob');
select is(pg_temp.puts(pg_temp.path('bob')), 'taken', 'a member puts a file in their own place');
select is(pg_temp.puts(pg_temp.path('ann')), '42501', 'not in another''s');
select is(
  pg_temp.puts(format('%s/%s/%s', gen_random_uuid(), auth.uid(), gen_random_uuid())), '42501', 'not in a channel that is not there'
);
select is_empty(
  $$ select path from unnest(array[
       '', '/', 'a', split_part(pg_temp.path('bob'), '/', 1), pg_temp.path('bob') || '/', pg_temp.path('bob') || '/x', pg_temp.path('bob') || '.png',
       '/' || pg_temp.path('bob'), 'x/' || pg_temp.path('bob'), upper(pg_temp.path('bob')), pg_temp.path('bob') || E'\n', replace(pg_temp.path('bob'), '/', '//'),
       replace(pg_temp.path('bob'), '/', '/../'), replace(pg_temp.path('bob'), '-', ''), '{' || pg_temp.path('bob') || '}',
       pg_temp.path('bob') || '/../' || md5('x')::uuid, overlay(pg_temp.path('bob') placing '/' from 110), repeat('/', 110)
     ]) as path where pg_temp.puts(path) <> '42501' $$,
  'nor at any path but <channel>/<user>/<uuid>'
);
select is(pg_temp.puts(null), '42501', 'nor at none');
select is(pg_temp.puts(pg_temp.path('bob'), 'elsewhere'), '42501', 'nor do these policies open another bucket');
select pg_temp.become('outsider');
select is(pg_temp.puts(pg_temp.path('outsider')), '42501', 'an outsider puts none there');
set local role anon;
set local request.jwt.claims = '{"role": "anon"}';
select is(pg_temp.puts(pg_temp.path('bob')), '42501', 'nor does who has only the publishable key');

-- By the right to attach, and the right to send.
reset role;
create function pg_temp.puts_without(p_permission text) returns text language plpgsql as $$
declare
  v_channel_id uuid := pg_temp.channel();
  v_path text := pg_temp.path('bob');
begin
  perform pg_temp.become('ann');
  perform public.set_channel_overwrite(v_channel_id, 'member', md5('bob')::uuid, p_deny => array[p_permission]);
  perform pg_temp.become('bob');
  return pg_temp.puts(v_path);
end
$$;
select is_empty(
  $$ select permission from unnest(array['attach_files', 'send_messages', 'view_channel']) as permission
     where pg_temp.puts_without(permission) <> '42501' $$,
  'who may not attach, send or view puts no file there'
);
select is(pg_temp.puts_without('read_history'), 'taken', 'who may, does, also without reading what was sent');
reset role;
update public.community_members set timed_out_until = now() + interval '1 hour' where user_id = md5('bob')::uuid;
select pg_temp.become('bob');
select is(pg_temp.puts(pg_temp.path('bob')), '42501', 'nobody during a timeout');
reset role;
update public.community_members set timed_out_until = null where user_id = md5('bob')::uuid;
delete from public.community_members where user_id = md5('cleo')::uuid;
select pg_temp.become('cleo');
select is(pg_temp.puts(pg_temp.path('cleo')), '42501', 'and no former member');

-- Not over what is there, and whoever writes: Storage itself does so above the policies.
reset role;
select pg_temp.upload('bob', 'a');
select pg_temp.become('bob');
select is(pg_temp.puts(pg_temp.path('bob')), '23505', 'what is there is not put again');
update storage.objects set metadata = '{}', version = '2' where name = pg_temp.path('bob');
reset role;
select results_eq(
  $$ select version, metadata ->> 'size' from storage.objects where name = pg_temp.path('bob') $$, $$ values ('1', '5') $$,
  'nor changed by its owner'
);
select is_empty(
  $$ select change from unnest(array[
       'version = ''2''', 'metadata = ''{"size": 9}''', 'metadata = null', 'name = pg_temp.file_path(''bob'', ''b'')', 'bucket_id = ''elsewhere''', 'owner_id = ''x'''
     ]) as change
     where pg_temp.refusal(format('update storage.objects set %s where name = pg_temp.path(''bob'')', change)) <> '42501' $$,
  'nor by anybody'
);
select is(
  pg_temp.refusal($$ update storage.objects set last_accessed_at = now() where name = pg_temp.path('bob') $$), 'none', 'that it was read is no change'
);
insert into storage.buckets (id, name) values ('elsewhere', 'elsewhere');
insert into storage.objects (bucket_id, name, version) values ('elsewhere', 'a', '1');
select is(pg_temp.refusal($$ update storage.objects set version = '2' where bucket_id = 'elsewhere' $$), 'none', 'other buckets are left alone');
select is(pg_temp.refusal($$ update storage.objects set bucket_id = 'attachments' where bucket_id = 'elsewhere' $$), '42501', 'but nothing is moved in');
select is(
  pg_temp.refusal($$ insert into storage.objects (bucket_id, name) values ('attachments', 'notes.txt') $$), '42501', 'and nothing put beside, whoever does it'
);

-- At most 50 that are not sent.
select pg_temp.upload('bob', 'more ' || n) from generate_series(1, 48) as n;
select pg_temp.become('bob');
select is(pg_temp.puts(pg_temp.file_path('bob', 'the 50th')), 'taken', 'fifty may wait to be sent');
reset role;
select pg_temp.upload('bob', 'the 50th');
select pg_temp.become('bob');
select is(pg_temp.puts(pg_temp.file_path('bob', 'the 51st')), '42501', 'no more');
reset role;
select is(pg_temp.refusal($$ select pg_temp.upload('bob', 'the 51st') $$), '42501', 'also of uploads that the policies have let in');
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'x', p_attachments => pg_temp.file('a'));
select is(pg_temp.puts(pg_temp.file_path('bob', 'the 51st')), 'taken', 'what is sent makes room');

select * from finish();
rollback;
