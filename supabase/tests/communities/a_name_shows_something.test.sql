begin;
select plan(6);

insert into auth.users (id, email) values ('a0000000-0000-4000-8000-00000000000a', 'ann@example.com');
set local role authenticated;
set local request.jwt.claim.sub = 'a0000000-0000-4000-8000-00000000000a';
set local request.jwt.claims = '{"sub": "a0000000-0000-4000-8000-00000000000a", "role": "authenticated"}';

-- A community, a channel and a group take their names by one rule.
select throws_ok(E'select create_community(E''\\t\\n'')', 'PT422', null, 'a name of tabs and line ends is refused');
select throws_ok(E'select create_community(E''\\u200b\\u2060'')', 'PT422', null, 'so is one of zero width');
select throws_ok(E'select create_community(E''General\\nAdmin'')', 'PT422', null, 'so is one of two lines');
select throws_ok(E'select create_community(E''Rust\\u202egnp.'')', 'PT422', null, 'so is one that turns the text after it');
select throws_ok(E'select create_community(E''Rust\\u0007'')', 'PT422', null, 'so is one with control characters');
select lives_ok('select create_community(''Rust 🦀'')', 'one that shows what it is is taken');

select * from finish();
rollback;
