begin;
select plan(7);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'outsider');

-- The code a preview is refused with, as redeem_invite would refuse it.
create function pg_temp.previewed(p_code text) returns text language sql as
$$ select coalesce((p ->> 'details')::jsonb ->> 'code', p ->> 'name') from preview_invite(p_code) as p $$;

select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.community', (select id::text from communities where name = 'Rust'), true);
select set_config('test.open', (select code from create_invite(current_setting('test.community')::uuid)), true);
select set_config('test.once', (select code from create_invite(current_setting('test.community')::uuid, 1)), true);
select set_config('test.short', (
  select code from create_invite(current_setting('test.community')::uuid, null, clock_timestamp() + interval '1 day')
), true);

select pg_temp.become('outsider');
select results_eq(
  $$ select p ->> 'community_id', p ->> 'name', p ->> 'members' from preview_invite(current_setting('test.open')) as p $$,
  $$ values (current_setting('test.community'), 'Rust', '1') $$, 'a preview says where an invite leads'
);
select is(pg_temp.previewed(current_setting('test.once')), 'Rust', 'also one that still lets one in');
select is(pg_temp.previewed(current_setting('test.short')), 'Rust', 'and one that has not expired');
select is(pg_temp.previewed('0000000000000001'), 'not_found', 'a code that does not exist is not found');

select pg_temp.become('bob');
select redeem_invite(current_setting('test.once'));
reset role;
update public.invites set expires_at = now() - interval '1 second' where code = current_setting('test.short');
select pg_temp.become('outsider');
select is(pg_temp.previewed(current_setting('test.once')), 'expired', 'an invite that is used up shows nothing');
select is(pg_temp.previewed(current_setting('test.short')), 'expired', 'nor does one that has expired');
select is(
  (select preview_invite(current_setting('test.short')) ? 'community_id'), false, 'not even the community it was for'
);

select * from finish();
rollback;
