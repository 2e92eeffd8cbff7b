begin;
select plan(62);
\ir ../shared.psql

-- One account ends after another, and no run does anything while another is at work: here only this test's, and nobody's before them.
select pg_advisory_xact_lock(hashtextextended('end_accounts', 0));
lock table private.account_endings in exclusive mode;
delete from private.account_endings where true;

-- Signs in anew so many minutes ago: from now on the session is in the token.
create function pg_temp.sign_in(p_name text, p_minutes integer default 0, p_session text default null) returns void language plpgsql as $$
declare
  v_id uuid := md5(p_name || p_minutes || 'session')::uuid;
begin
  reset role;
  delete from auth.sessions where id = v_id;
  insert into auth.sessions (id, user_id, created_at, updated_at)
  values (v_id, md5(p_name)::uuid, now() - make_interval(mins => p_minutes), now());
  perform pg_temp.become(p_name);
  perform set_config('request.jwt.claims', (current_setting('request.jwt.claims')::jsonb || jsonb_build_object('session_id', coalesce(p_session, v_id::text)))::text, true);
end
$$;
create function pg_temp.direct_of(p_kind text) returns uuid language sql security definer as
$$ select id from private.direct_channels where kind = p_kind and created_at = now() order by id desc limit 1 $$;
-- Runs the job as often as it finds something to do.
create function pg_temp.finish_endings(p_batch integer default 1000) returns integer language plpgsql as $$
declare
  v_runs integer := 0;
begin
  while exists (select from private.account_endings where failed_at is null) and v_runs < 100 loop
    perform private.end_accounts(p_batch);
    v_runs := v_runs + 1;
  end loop;
  return v_runs;
end
$$;
-- What was broadcast since the last time, as event and topic, without epochs.
create temp table told (id uuid);
create function pg_temp.news() returns table (event text, topic text, payload jsonb) language sql as $$
  with new as (
    select m.id, m.event, m.topic, m.payload from broadcasts m where m.extension = 'broadcast'
      and not exists (select from told t where t.id = m.id)
  ), noted as (insert into told select n.id from new n)
  select n.event, n.topic, n.payload - 'id' from new n
$$;

select pg_temp.sign_up('ann', 'bob', 'cleo', 'dan');
select pg_temp.become('ann');
select create_community('Rust');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
select pg_temp.become('bob');
select redeem_invite(current_setting('test.code'));
select pg_temp.become('cleo');
select redeem_invite(current_setting('test.code'));
select pg_temp.become('bob');
select send_message(pg_temp.channel(), 'one', 'nonce'); -- 1
select send_message(pg_temp.channel(), 'two'); -- 2
select send_message(pg_temp.channel(), 'gone', 'gone'); -- 3
select delete_message(pg_temp.channel(), 3);
select create_community('Zig');
select request_friend(md5('cleo')::uuid);
select block_user(md5('dan')::uuid);
select update_my_preferences('nobody');
select set_config('test.group', (open_group(array[md5('ann')::uuid, md5('cleo')::uuid])).id::text, true);
select send_message(current_setting('test.group')::uuid, 'to three');
select update_my_preferences('members');
select pg_temp.become('ann');
select send_message(pg_temp.channel(), 'an answer', null, 1); -- 4
select set_config('test.pair', (open_direct(md5('bob')::uuid)).id::text, true);
select send_message(current_setting('test.pair')::uuid, 'to you');
select pg_temp.become('bob');
select send_message(current_setting('test.pair')::uuid, 'and to you');

reset role;
select link_external_identity(md5('bob')::uuid, 'mongo', 'ending-bob');
insert into public.invites (community_id, code, creator_id) values (pg_temp.community('Rust'), 'made-by-bob', md5('bob')::uuid);
select pg_temp.become('bob');

-- What stands in the way.
select is(pg_temp.refusal($$ select delete_my_account('anonymise') $$), 'PT403 recent_sign_in_required', 'a token that names no session is not enough');
select pg_temp.sign_in('bob', 11);
select is(pg_temp.refusal($$ select delete_my_account('anonymise') $$, 'max_age'), 'PT403 recent_sign_in_required 600', 'nor a session that began eleven minutes ago');
select pg_temp.sign_in('ann');
select pg_temp.sign_in('bob', 0, md5('ann' || 0 || 'session')::uuid::text);
select is(pg_temp.refusal($$ select delete_my_account('anonymise') $$), 'PT403 recent_sign_in_required', 'nor somebody else''s');
select pg_temp.sign_in('bob', 0, 'nothing like an id');
select is(pg_temp.refusal($$ select delete_my_account('anonymise') $$), 'PT403 recent_sign_in_required', 'nor what is none');
select pg_temp.sign_in('bob');
select is(pg_temp.refused_field($$ select delete_my_account(null) $$), 'PT422 invalid_argument p_messages', 'without a choice nothing ends');
select is(pg_temp.refused_field($$ select delete_my_account('keep') $$), 'PT422 invalid_argument p_messages', 'nor by one that there is not');
select is(
  pg_temp.refusal($$ select delete_my_account('anonymise') $$, 'communities'),
  format('PT409 conflict ["%s"]', pg_temp.community('Zig')), 'who owns a community hands it over first, and hears which it is'
);
select is(pg_temp.refusal($$ select delete_my_account('anonymise') $$, 'count'), 'PT409 conflict 1', 'and how many');
reset role;
select is_empty('select * from private.account_endings', 'and nothing has ended');
select is(pg_temp.refusal(format('delete from auth.users where id = %L', md5('bob')::uuid), 'count'), 'PT409 conflict 1', 'nor does it where somebody deletes the account in the auth service');
select pg_temp.sign_in('bob');
select delete_community(pg_temp.community('Zig'), 'Zig');
set local role anon;
select throws_ok($$ select delete_my_account('anonymise') $$, '42501', null, 'nobody signed in, nothing to end');

-- The end, at once.
reset role;
select set_config('test.revision', (select revision::text from private.channel_heads where channel_id = (select pg_temp.channel())), true);
select set_config('test.epoch', (select topic_epoch::text from public.communities where id = pg_temp.community()), true);
select count(*) from pg_temp.news();
select pg_temp.sign_in('bob');
select is(pg_temp.refusal($$ select delete_my_account('anonymise') $$), 'none', 'an account ends');
reset role;
create temp table heard as select * from pg_temp.news();
select is_empty($$ select from public.community_members where user_id = md5('bob')::uuid $$, 'nothing is left of its memberships');
select is_empty($$ select from private.direct_members where user_id = md5('bob')::uuid $$, 'nor where it took part directly');
select is((select owner_id from private.direct_channels where id = current_setting('test.group')::uuid), md5('ann')::uuid, 'its group is owned by who has been there longest');
select is_empty(
  $$ select from private.friendships where md5('bob')::uuid in (user_id, friend_id)
     union all select from private.friend_requests where md5('bob')::uuid in (from_id, to_id)
     union all select from private.blocks where md5('bob')::uuid in (blocker_id, blocked_id)
     union all select from private.preferences where user_id = md5('bob')::uuid
     union all select from private.external_identities where user_id = md5('bob')::uuid $$,
  'nor of friends, requests, blocks and preferences'
);
select is((select topic_epoch from public.communities where id = pg_temp.community()), current_setting('test.epoch')::bigint + 1, 'the community''s topics have moved');
select is((select count(*) from heard where event = 'moved' and topic like 'community:%'), 1::bigint, 'which was told to who listened');
select is((select count(*) from heard where event = 'moved' and topic like 'channel:' || current_setting('test.pair') || ':%'), 1::bigint, 'a pair''s, too, so that what was said is not repeated to whoever joins');
select results_eq($$ select creator_id from public.invites where code = 'made-by-bob' $$, $$ values (null::uuid) $$, 'its invites do not name it any more');
select is((select count(*) from heard where event = 'account_ended' and topic = 'user:' || md5('bob')::uuid), 1::bigint, 'and the account''s own devices hear of its end');
select is((select count(*) from public.messages where author_id = md5('bob')::uuid), 4::bigint, 'the messages are still to be seen to');

-- Whoever holds a token holds nothing.
select pg_temp.sign_in('bob');
select is(pg_temp.refusal($$ select delete_my_account('remove') $$), 'PT401 session_required', 'it does not end twice');
select is(pg_temp.refusal($$ select my_profile() $$), 'PT401 session_required', 'the account is gone');
select is(pg_temp.refusal($$ select create_community('New') $$), 'PT401 session_required', 'it founds nothing');
select is(pg_temp.refusal($$ select redeem_invite(current_setting('test.code')) $$), 'PT401 session_required', 'and joins nothing');
select is(pg_temp.refusal($$ select send_message(pg_temp.channel(), 'back') $$), 'PT404 not_found', 'writes nowhere');
select is(pg_temp.refusal($$ select send_message(current_setting('test.pair')::uuid, 'back') $$), 'PT404 not_found', 'nor directly');
select is(pg_temp.refusal($$ select open_direct(md5('ann')::uuid) $$), 'PT401 session_required', 'and begins no conversation');
select is(pg_temp.refusal($$ select request_friend(md5('ann')::uuid) $$), 'PT401 session_required', 'or friendship');
select is_empty('select id from public.communities union all select channel_id from public.messages', 'reads nothing');

-- Nor does anybody else find it.
select pg_temp.become('ann');
reset role;
select is(
  pg_temp.refusal($$ select link_external_identity(md5('bob')::uuid, 'mongo', 'ending-bob') $$), 'PT404 not_found', 'nor is it linked again to another system'
);
select pg_temp.become('ann');
select is(pg_temp.refusal($$ select request_friend(md5('nobody')::uuid) $$), 'PT404 not_found', 'somebody who is not there is not found');
select is(pg_temp.refusal($$ select request_friend(md5('bob')::uuid) $$), 'PT404 not_found', 'and neither is who has ended the account');
select is(pg_temp.refusal($$ select request_friend(md5('cleo')::uuid) $$), 'none', 'while others are');
select is(pg_temp.refusal($$ select transfer_ownership(pg_temp.community(), md5('bob')::uuid) $$), 'PT404 not_found', 'nobody hands it anything over');
select is(pg_temp.refusal($$ select send_message(current_setting('test.pair')::uuid, 'are you there?') $$), 'PT403 missing_permission', 'or writes to it');
select is((select count(*) from list_messages(current_setting('test.pair')::uuid)), 2::bigint, 'but what was said stays for the other');
reset role;
select is(
  pg_temp.refusal(format('update public.communities set owner_id = %L where id = %L', md5('bob')::uuid, pg_temp.community())), 'PT404 not_found',
  'not even the server makes it an owner'
);
select is(pg_temp.refusal($$ select grant_staff_role(md5('bob')::uuid, 'admin') $$), 'PT404 not_found', 'or staff');
select is(
  pg_temp.refusal(format('insert into public.community_members (community_id, user_id, access_class_id, sort_name) select community_id, %L, access_class_id, %L from public.community_members where user_id = %L', md5('bob')::uuid, 'bob', md5('ann')::uuid)),
  'PT404 not_found', 'or a member'
);

-- The messages, in batches.
select private.end_accounts(1);
select is((select count(*) from public.messages where author_id = md5('bob')::uuid), 3::bigint, 'a run sees to no more than its batch');
select cmp_ok(pg_temp.finish_endings(), '<', 10, 'a few more runs see to the rest');
select set_eq(
  $$ select seq, author_id, author_name is null as is_nameless, body, client_nonce from public.messages where channel_id = (select pg_temp.channel()) and body <> '' $$,
  $$ values (1::bigint, null::uuid, true, 'one', null), (2, null, true, 'two', null), (4, md5('ann')::uuid, false, 'an answer', null) $$,
  'what it wrote stays, without author, name and mark, and what others wrote stays as it was'
);
select is_empty(
  $$ select from public.messages where channel_id = (select pg_temp.channel()) and author_id is null and author_name is not null
     union all select from private.tombstones where channel_id = (select pg_temp.channel()) and (author_id is not null or client_nonce is not null) $$,
  'nowhere is a name left, nor of what was deleted'
);
select is_empty($$ select from auth.users where id = md5('bob')::uuid union all select from public.profiles where id = md5('bob')::uuid $$, 'and with the last of it goes the account');
select is_empty($$ select from private.account_endings $$, 'nothing more is to be done');
select pg_temp.become('cleo');
select is(
  (select array_agg(distinct s.seq order by s.seq)
   from jsonb_array_elements(sync_channel(pg_temp.channel(), current_setting('test.revision')::bigint) -> 'changes') c,
     jsonb_array_elements_text(c -> 'seqs') n, lateral (select n::bigint as seq) s
   where c ->> 'kind' = 'anonymised'),
  array[1, 2]::bigint[], 'who was away hears which messages it were'
);
select is(sync_channel(pg_temp.channel(), current_setting('test.revision')::bigint) -> 'resync', 'false', 'without a gap');
select is((select reply -> 'author_name' from list_messages(pg_temp.channel()) where body = 'an answer'), 'null', 'an answer names it no more');
reset role;
create temp table told_of as select payload from pg_temp.news() where event = 'message_anonymised' and topic like (select 'channel:' || pg_temp.channel() || ':%');
select is(
  (select array_agg(n::bigint order by n::bigint) from told_of t, jsonb_array_elements_text(t.payload -> 'seqs') n), array[1, 2]::bigint[], 'who listens hears the same'
);
select is_empty(
  $$ select payload from told_of where payload - array['revision', 'kind', 'seq', 'seqs'] <> '{}' $$, 'numbers, and nothing of whose they were'
);

-- Another goes with all it wrote.
select pg_temp.become('cleo');
select set_config('test.cleos', (send_message(pg_temp.channel(), 'take me along')).seq::text, true);
select pg_temp.sign_in('cleo');
select is(pg_temp.refusal($$ select delete_my_account('remove') $$), 'none', 'an account ends with its messages');
reset role;
select cmp_ok(pg_temp.finish_endings(), '<', 10, 'in a few runs');
select is_empty($$ select from public.messages where channel_id = (select pg_temp.channel()) and body = 'take me along' union all select from public.profiles where id = md5('cleo')::uuid $$, 'nothing of them is left');
select results_eq(
  $$ select author_id, client_nonce from private.tombstones where channel_id = (select pg_temp.channel()) and seq = current_setting('test.cleos')::bigint $$, $$ values (null::uuid, null::text) $$,
  'but that there was one'
);
select is_empty($$ select from public.audit_log where community_id = pg_temp.community() and action = 'messages_deleted' $$, 'which is nothing for the log: nobody deleted what others wrote');

-- What fails is said, and holds nobody up.
select pg_temp.sign_in('dan');
select delete_my_account('anonymise');
reset role;
insert into private.erasure_steps (name, place) values ('no_such_function', 99);
select private.end_accounts();
select isnt((select error from private.account_endings where user_id = md5('dan')::uuid), null, 'what stands in the way is in the row');
select throws_ok('select private.watch_account_endings()', 'PT500', null, 'and the watch tells of it');
delete from private.erasure_steps where name = 'no_such_function';
-- A statement's timeout is an error of another kind.
create function private.too_slow(p_user_id uuid, p_batch integer) returns integer language plpgsql as $$ begin raise exception using errcode = 'query_canceled'; end $$;
insert into private.erasure_steps (name, place) values ('too_slow', 99);
update private.account_endings set failed_at = null, error = null where user_id = md5('dan')::uuid;
select private.end_accounts();
select isnt((select error from private.account_endings where user_id = md5('dan')::uuid), null, 'also where a step takes too long');
delete from private.erasure_steps where name = 'too_slow';
update private.account_endings set failed_at = now() - interval '11 minutes' where true;
select private.end_accounts();
select is_empty($$ select from public.profiles where id = md5('dan')::uuid $$, 'ten minutes later it is tried again');
select lives_ok('select private.watch_account_endings()', 'and all is well');

select * from finish();
rollback;
