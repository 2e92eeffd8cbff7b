begin;
select plan(26);

-- Signs somebody up as the auth service does and returns the profile that came of it.
create function pg_temp.sign_up(p_metadata jsonb) returns public.profiles language plpgsql as $$
declare
  v_id uuid := gen_random_uuid();
  v_profile public.profiles;
begin
  insert into auth.users (id, email, raw_user_meta_data) values (v_id, v_id || '@example.com', p_metadata);
  select * into v_profile from public.profiles where id = v_id;
  return v_profile;
end
$$;

-- First what people really ask for.
select is((pg_temp.sign_up('{"username": "test_ann"}')).username, 'test_ann', 'a good name is taken as it is');
select is((pg_temp.sign_up('{"username": "test_bob", "display_name": "Bob B."}')).display_name, 'Bob B.', 'a shown name is taken as it is');
select is((pg_temp.sign_up('{"username": "Test_Cleo"}')).username, 'test_cleo', 'a handle is lower case');
select is((pg_temp.sign_up('{"username": "Test_Dora"}')).display_name, 'Test_Dora', 'without a shown name the handle is shown as it was written');
select is((pg_temp.sign_up('{"username": "test eve.smith"}')).username, 'test_eve_smith', 'what a handle cannot hold becomes an underscore');
select is((pg_temp.sign_up('{"display_name": "Zoë 🦀"}')).display_name, 'Zoë 🦀', 'letters and emoji of the world may be shown');

-- Then what is taken, short or long.
select matches((pg_temp.sign_up('{"username": "test_ann"}')).username, '^test_ann_[0-9a-f]{8}$', 'a taken name gets a suffix');
select matches((pg_temp.sign_up('{"username": "TEST_ANN"}')).username, '^test_ann_[0-9a-f]{8}$', 'also one that is taken in other letters');
select matches((pg_temp.sign_up('{"username": "a"}')).username, '^user_[0-9a-f]{8}$', 'a name of one letter becomes user and a suffix');
select matches((pg_temp.sign_up('{"username": ""}')).username, '^user_[0-9a-f]{8}$', 'so does an empty one');
select matches((pg_temp.sign_up(null)).username, '^user_[0-9a-f]{8}$', 'so does none at all');
select matches((pg_temp.sign_up('{"username": "名前"}')).username, '^user_[0-9a-f]{8}$', 'so does one of other letters');
select is((pg_temp.sign_up('{"username": "名前"}')).display_name, '名前', 'which is shown all the same');
select is(char_length((pg_temp.sign_up(jsonb_build_object('username', repeat('test', 20)))).username), 32, 'a long name is cut to 32');
select is(char_length((pg_temp.sign_up(jsonb_build_object('username', repeat('test', 20)))).username), 32, 'also where the cut one is taken');
select is(
  (pg_temp.sign_up(jsonb_build_object('display_name', repeat('é', 33)))).display_name, repeat('é', 32), 'a long shown name is cut to 32 characters'
);
select is((pg_temp.sign_up('{"username": "test_fay", "display_name": "   "}')).display_name, 'test_fay', 'a shown name of spaces is none');
select is((pg_temp.sign_up('{"username": "test_gil", "display_name": "\u200b\u200d\ufeff"}')).display_name, 'test_gil', 'so is one of zero width');
select is(
  (pg_temp.sign_up('{"display_name": "a\u0001b\u202ec\u2066d\u2028e\u007ff"}')).display_name, 'abcdef', 'control characters and those that turn text are dropped'
);
select is(
  (pg_temp.sign_up('{"display_name": "a\u061cb"}')).display_name, 'ab', 'the Arabic letter mark, which turns text too, is dropped'
);
select is((pg_temp.sign_up('{"username": "test_hal", "display_name": "\u3164\u115f\u00ad"}')).display_name, 'test_hal', 'a shown name of invisible letters is none');

-- Then what nobody should send, and somebody will.
create temp table hostile (metadata jsonb);
insert into hostile values
  ('null'), ('true'), ('42'), ('"text"'), ('[]'), ('[{"username": "x"}]'), ('{}'),
  ('{"username": null}'), ('{"username": 42}'), ('{"username": -1.5e300}'), ('{"username": true}'),
  ('{"username": ["x"]}'), ('{"username": {"a": {"b": []}}}'), ('{"display_name": ["x"], "username": {"a": 1}}'),
  ('{"username": "__"}'), ('{"username": "_"}'), ('{"username": "''; drop table public.profiles; --"}'),
  ('{"username": "$1 %s \\ \u0008 \r\n\t"}'), ('{"username": "user"}'), ('{"username": "../../etc/passwd"}'),
  ('{"username": "İstanbul ß ﬁ ſ K"}'), ('{"username": "👩‍👩‍👧‍👦", "display_name": "👩‍👩‍👧‍👦🏳️‍🌈"}'), ('{"display_name": "\u202e\u202e\u202e"}'),
  ('{"display_name": "\ud83e\udd80", "username": "\uffff\ufffd"}'), ('{"display_name": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!"}'),
  (jsonb_build_object('username', repeat('a', 1000000), 'display_name', repeat('🦀', 250000))),
  (jsonb_build_object('username', repeat(' ', 1000000))),
  (jsonb_build_object('username', gen_random_uuid(), 'x', repeat('y', 1000000)));

select is_empty(
  $$ select left(metadata::text, 80) from hostile where (pg_temp.sign_up(metadata)).id is null $$, 'no metadata stop a sign-up, and each user has a profile'
);
select is_empty(
  $$ select left(metadata::text, 80) from hostile
     where (pg_temp.sign_up(metadata)).username !~ '^[a-z0-9_]{2,32}$' $$, 'the same again: each handle is a handle, and none is taken from another'
);
select is_empty(
  $$ select left(metadata::text, 80) from hostile
     where (pg_temp.sign_up(metadata)).display_name ~ '^[[:space:]]*$' $$, 'and once more: each shown name shows something'
);

-- A handle that looks like the last resort of somebody else.
insert into auth.users (id, email, raw_user_meta_data) values
  ('a0000000-0000-4000-8000-0000000000e1', 'e1@example.com', '{"username": "a00000000000400080000000000000e2"}');
select is(
  (select username from public.profiles where id = 'a0000000-0000-4000-8000-0000000000e1'), 'a00000000000400080000000000000e2',
  'a handle may look like another user''s id'
);

select is_empty(
  $$ select u.id from auth.users u left join public.profiles p on p.id = u.id where p.id is null $$, 'no user is without a profile'
);

select * from finish();
rollback;
