begin;
select plan(9);

insert into auth.users (id, email, raw_user_meta_data) values
  ('a0000000-0000-4000-8000-00000000000a', 'ann@example.com', '{"username": "test_ann"}'),
  ('a0000000-0000-4000-8000-00000000000b', 'bob@example.com', '{"username": "test_bob"}');

set local role authenticated;
set local request.jwt.claim.sub = 'a0000000-0000-4000-8000-00000000000a';
set local request.jwt.claims = '{"sub": "a0000000-0000-4000-8000-00000000000a", "role": "authenticated"}';

select is((my_profile()).username, 'test_ann', 'my_profile is the caller''s own');
select results_eq(
  'select username from public.profiles', $$ values ('test_ann') $$, 'a user who shares no community with anybody reads no other profile'
);

set local request.jwt.claim.sub = '';
set local request.jwt.claims = '{"role": "authenticated"}';
select throws_ok('select my_profile()', 'PT401', 'Sign in first.', 'without a session there is no profile');
select is_empty('select * from public.profiles', 'and none to read');

set local role anon;
select throws_ok('select my_profile()', '42501', null, 'whoever has only the publishable key is refused');
select throws_ok('select * from public.profiles', '42501', null, 'also at the table');

reset role;
delete from auth.users where id = 'a0000000-0000-4000-8000-00000000000b';
select is_empty(
  $$ select from public.profiles where id = 'a0000000-0000-4000-8000-00000000000b' $$, 'the profile goes when the account goes'
);
insert into auth.users (id, email, raw_user_meta_data) values
  ('a0000000-0000-4000-8000-00000000000c', 'cleo@example.com', '{"username": "test_bob"}');
select is(
  (select username from public.profiles where id = 'a0000000-0000-4000-8000-00000000000c'), 'test_bob', 'and its handle is free again'
);

-- Where there is nobody else no row is there to ask the question for.
delete from auth.users where id in ('a0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-00000000000c');
set local role authenticated;
select throws_ok('select my_profile()', 'PT401', 'Sign in first.', 'without a session it is refused however few profiles there are');

select * from finish();
rollback;
