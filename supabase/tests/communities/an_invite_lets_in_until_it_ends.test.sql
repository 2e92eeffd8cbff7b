begin;
select plan(38);
\ir ../shared.psql

create function pg_temp.refused_or_answered(p_sql text) returns text language plpgsql as $$
declare
  v_detail text;
  v_answer jsonb;
begin
  execute 'select to_jsonb(a) from (' || regexp_replace(p_sql, '^\s*select', 'select') || ') as s (a)' into v_answer;
  -- A refused try is answered and not raised, so that it counts.
  if v_answer ->> 'details' is null then
    return 'none';
  end if;
  v_detail := v_answer ->> 'details';
  return concat_ws(' ', v_answer ->> 'code', v_detail::jsonb ->> 'code', v_detail::jsonb ->> 'field');
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return concat_ws(' ', sqlstate, nullif(v_detail, '')::jsonb ->> 'code', nullif(v_detail, '')::jsonb ->> 'field');
end
$$;

select pg_temp.sign_up('ann', 'bob', 'cleo', 'dora', 'eve');

create function pg_temp.members() returns bigint language sql security definer as
$$ select count(*) from public.community_members where community_id = pg_temp.community() $$;
create function pg_temp.uses(p_code text) returns integer language sql security definer as
$$ select uses from public.invites where code = p_code $$;
-- Codes are kept in settings, because they are made while somebody else is asking.
create function pg_temp.code(p_name text) returns text language sql as $$ select current_setting('test.' || p_name) $$;

select pg_temp.become('ann');
select create_community('Rust');

-- Making one.
select set_config('test.open', (create_invite(pg_temp.community())).code, true);
select matches(pg_temp.code('open'), '^[0-9abcdefghjkmnpqrstvwxyz]{16}$', 'a code is 16 characters, none of which is misread for another');
select results_eq(
  $$ select creator_id, uses, max_uses, expires_at from public.invites where code = pg_temp.code('open') $$,
  $$ select md5('ann')::uuid, 0, null::integer, null::timestamptz $$,
  'by default it has no end'
);
reset role;
select is(
  (select count(distinct private.invite_code()) from generate_series(1, 1000)), 1000::bigint, 'codes do not repeat'
);
select ok(
  (select bool_and(n > 15) from (
    select count(*) as n from generate_series(1, 100), lateral regexp_split_to_table(private.invite_code(), '') as c group by c
  ) t),
  'and use all of the characters'
);
select pg_temp.become('ann');
select is(pg_temp.refused_or_answered($$ select create_invite(pg_temp.community(), 0) $$), 'PT422 invalid_argument p_max_uses', 'an invite for nobody is refused');
select is(pg_temp.refused_or_answered($$ select create_invite(pg_temp.community(), -1) $$), 'PT422 invalid_argument p_max_uses', 'so is a negative one');
select is(
  pg_temp.refused_or_answered($$ select create_invite(pg_temp.community(), null, now() - interval '1 second') $$), 'PT422 invalid_argument p_expires_at', 'so is one that has ended'
);
select is(pg_temp.refused_or_answered($$ select create_invite(pg_temp.community(), null, '-infinity') $$), 'PT422 invalid_argument p_expires_at', 'however long ago');
select is(pg_temp.refused_or_answered($$ select create_invite(pg_temp.community(), 1, 'infinity') $$), 'PT422 invalid_argument p_expires_at', 'never is said by leaving it out');
select is(pg_temp.refused_or_answered($$ select create_invite(pg_temp.community(), 1) $$), 'none', 'which may be limited in its uses');

-- Using one.
select pg_temp.become('bob');
select is((redeem_invite(pg_temp.code('open')) ->> 'id')::uuid, pg_temp.community(), 'redeem_invite returns the community');
select is((select id from my_communities()), pg_temp.community(), 'whose member the caller now is');
select is(pg_temp.uses(pg_temp.code('open')), 1, 'one use is counted');
select is((redeem_invite(pg_temp.code('open')) ->> 'id')::uuid, pg_temp.community(), 'redeeming again returns the community again');
select is(pg_temp.uses(pg_temp.code('open')), 1, 'and uses nothing up');
select is(pg_temp.members(), 2::bigint, 'nor makes a second membership');
reset role;
select is(
  (select count(*) from broadcasts where topic = private.community_topic(pg_temp.community()) and event = 'member_joined'
     and payload - 'id' = jsonb_build_object('community_id', pg_temp.community(), 'user_id', md5('bob')::uuid, 'moved', '[]'::jsonb)),
  1::bigint, 'the members hear of it once'
);
select results_eq(
  $$ select event, payload - 'id' from broadcasts where topic = 'user:' || md5('bob')::uuid $$,
  $$ select 'access_changed', jsonb_build_object('community_id', pg_temp.community(), 'kind', 'joined') $$,
  'and so does the user, once'
);
select pg_temp.become('cleo');
select is((redeem_invite('  ' || upper(pg_temp.code('open')) || ' ') ->> 'id')::uuid, pg_temp.community(), 'capital letters and spaces around a code do no harm');

-- What is no code.
select is(pg_temp.refused_or_answered($$ select redeem_invite('0000000000000000') $$), 'PT404 not_found p_code', 'an unknown code is not found');
select is(pg_temp.refused_or_answered($$ select redeem_invite(null) $$), 'PT404 not_found p_code', 'nor is null');
select is(pg_temp.refused_or_answered($$ select redeem_invite('') $$), 'PT404 not_found p_code', 'nor is nothing');
select is(pg_temp.refused_or_answered($$ select redeem_invite('%') $$), 'PT404 not_found p_code', 'nor a pattern');
select is(pg_temp.refused_or_answered($$ select redeem_invite(''' or true --') $$), 'PT404 not_found p_code', 'nor SQL');
select is(pg_temp.refused_or_answered($$ select redeem_invite(repeat('a', 1000000)) $$), 'PT404 not_found p_code', 'nor a million letters');

-- Used up.
select pg_temp.become('ann');
select set_config('test.once', (create_invite(pg_temp.community(), 1)).code, true);
select pg_temp.become('dora');
select is((redeem_invite(pg_temp.code('once')) ->> 'id')::uuid, pg_temp.community(), 'the last use lets in');
select pg_temp.become('eve');
select is(pg_temp.refused_or_answered($$ select redeem_invite(pg_temp.code('once')) $$), 'PT410 expired', 'the one after it does not');
select is((select count(*) from my_communities()), 0::bigint, 'and leaves no membership');
select is(pg_temp.uses(pg_temp.code('once')), 1, 'nor a use');
select pg_temp.become('dora');
select is((redeem_invite(pg_temp.code('once')) ->> 'id')::uuid, pg_temp.community(), 'who used it up gets the community back');

-- Ended.
select pg_temp.become('ann');
select set_config('test.brief', (create_invite(pg_temp.community(), null, now() + interval '1 hour')).code, true);
reset role;
update public.invites set expires_at = now() - interval '1 second' where code = pg_temp.code('brief');
select pg_temp.become('eve');
select is(pg_temp.refused_or_answered($$ select redeem_invite(pg_temp.code('brief')) $$), 'PT410 expired', 'after its end it lets nobody in');
set local timezone = 'Etc/GMT+12';
select is(pg_temp.refused_or_answered($$ select redeem_invite(pg_temp.code('brief')) $$), 'PT410 expired', 'not even a client for whom it is still yesterday');
set local timezone = 'Pacific/Kiritimati';
select is(pg_temp.refused_or_answered($$ select redeem_invite(pg_temp.code('brief')) $$), 'PT410 expired', 'nor one for whom it is tomorrow');
reset timezone;
reset role;
update public.invites set expires_at = clock_timestamp() + interval '1 minute' where code = pg_temp.code('brief');
select pg_temp.become('eve');
set local timezone = 'Pacific/Kiritimati';
select is((redeem_invite(pg_temp.code('brief')) ->> 'id')::uuid, pg_temp.community(), 'a minute before its end it lets in, wherever the client''s clock is');

-- Who sees a code.
select pg_temp.become('ann');
select is((select count(*) from public.invites), 4::bigint, 'who made invites sees them');
select pg_temp.become('bob');
select is_empty('select * from public.invites', 'other members do not: a code is the right to let people in');

-- Limits.
reset role;
insert into private.rate_limits (limit_key, subject, full_at)
select key, md5('bob')::uuid::text, now() + interval '1 day' from private.rate_limit_catalog where key like 'invite%'
on conflict (limit_key, subject) do update set full_at = excluded.full_at;
select pg_temp.become('bob');
select is(pg_temp.refused_or_answered($$ select create_invite(pg_temp.community()) $$), 'PT429 rate_limited', 'who makes too many has to wait');
select is(pg_temp.refused_or_answered($$ select redeem_invite('0000000000000000') $$), 'PT429 rate_limited', 'so has who tries too many');

select * from finish();
rollback;
