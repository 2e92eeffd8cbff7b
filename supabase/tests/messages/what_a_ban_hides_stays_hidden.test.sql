begin;
select plan(27);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob', 'spammer', 'talker');

create function pg_temp.channel_in(p_community text default 'Rust') returns uuid language sql security definer as
$$ select id from public.channels where community_id = pg_temp.community(p_community) $$;
-- What somebody is shown, by every way there is: a page, the table and the feed. One text where all three agree.
create function pg_temp.shown(p_community text default 'Rust') returns text language plpgsql as $$
declare
  v_page text := (select string_agg(body, ' ' order by seq) from list_messages(pg_temp.channel_in(p_community)));
  v_table text := (select string_agg(body, ' ' order by seq) from public.messages where channel_id = pg_temp.channel_in(p_community));
  v_feed text := (
    select string_agg(c -> 'message' ->> 'body', ' ' order by (c ->> 'revision')::bigint)
    from jsonb_array_elements(sync_channel(pg_temp.channel_in(p_community), 0) -> 'changes') as c
  );
begin
  if v_page is distinct from v_table or v_page is distinct from v_feed then
    return format('page: %s, table: %s, feed: %s', v_page, v_table, v_feed);
  end if;
  return v_page;
end
$$;

select pg_temp.become('ann');
select create_community('Rust');
select create_community('Zig');
select set_config('test.code', (create_invite(pg_temp.community())).code, true);
reset role;
select private.add_member(pg_temp.community(c), md5(name)::uuid) from unnest(array['Rust', 'Zig']) as c, unnest(array['bob', 'spammer', 'talker']) as name;
select pg_temp.become('spammer');
select send_message(pg_temp.channel_in(), 'early');
select send_message(pg_temp.channel_in(), 'buy');
select send_message(pg_temp.channel_in('Zig'), 'elsewhere');
select pg_temp.become('bob');
select send_message(pg_temp.channel_in(), 'stop', null, 2);
reset role;
update public.messages set created_at = now() - interval '2 days' where channel_id = pg_temp.channel_in() and body = 'early';

-- Only what the ban says: this author, this community, this time.
select pg_temp.become('ann');
select is(pg_temp.shown(), 'early buy stop', 'before the ban everything is shown');
select ban_member(pg_temp.community(), md5('spammer')::uuid, 'spam', null, now() - interval '1 day');
select pg_temp.become('bob');
select is(pg_temp.shown(), 'early stop', 'a ban hides what was sent since the given time, and nothing before');
select is(pg_temp.shown('Zig'), 'elsewhere', 'in this community, and in no other');
select is(
  (select array_agg(reply_to_seq) from list_messages(pg_temp.channel_in())), array[null, 2]::bigint[], 'an answer to it stays'
);
select pg_temp.become('ann');
select is(pg_temp.shown(), 'early stop', 'from the owner too');
select is(
  (select count(*) from list_messages(pg_temp.channel_in(), 2)), 2::bigint, 'a page is full all the same'
);
select results_eq(
  'select seq from list_messages(pg_temp.channel_in(), 1, p_after_seq => 1)', 'values (3::bigint)', 'forwards'
);
select results_eq(
  'select seq from list_messages(pg_temp.channel_in(), 1, p_before_seq => 3)', 'values (1::bigint)', 'backwards'
);
select results_eq(
  'select seq from list_messages(pg_temp.channel_in(), 2, p_around_seq => 2)', 'values (1::bigint), (3)', 'and around it'
);
select is(
  sync_channel(pg_temp.channel_in()) -> 'hidden',
  (select jsonb_agg(jsonb_build_object('author_id', md5('spammer')::uuid, 'since', now() - interval '1 day', 'until', b.created_at)) from list_bans(pg_temp.community()) b),
  'the feed tells which: up to the moment of the ban'
);
select is(sync_channel(pg_temp.channel_in('Zig')) -> 'hidden', '[]', 'where something is hidden, and nowhere else');
reset role;
select is((select body from public.messages where channel_id = pg_temp.channel_in() and seq = 2), 'buy', 'the message itself is not touched');

-- A ban that does not ask for it hides nothing.
select pg_temp.become('talker');
select send_message(pg_temp.channel_in(), 'talk');
select pg_temp.become('ann');
select ban_member(pg_temp.community(), md5('talker')::uuid);
select is(pg_temp.shown(), 'early stop talk', 'a ban without a time hides nothing');

-- The end of the ban.
select unban_member(pg_temp.community(), md5('spammer')::uuid);
select pg_temp.become('spammer');
select redeem_invite(current_setting('test.code'));
select send_message(pg_temp.channel_in(), 'sorry');
select is(pg_temp.shown(), 'early stop talk sorry', 'who is back is read again, but not what was hidden, not even by its author');
select is(
  pg_temp.refusal('select send_message(pg_temp.channel_in(), ''an answer'', null, 2)'), 'PT404 not_found', 'nor can it be answered'
);
select pg_temp.become('bob');
select is(pg_temp.refusal('select unban_member(pg_temp.community(), md5(''spammer'')::uuid, true)'), 'PT403 missing_permission', 'not everybody restores it');
select pg_temp.become('ann');
select is(pg_temp.refusal('select unban_member(pg_temp.community(), md5(''spammer'')::uuid)'), 'PT404 not_found', 'where there is no ban there is none to end');
select is(pg_temp.refusal('select unban_member(pg_temp.community(), md5(''spammer'')::uuid, true)'), 'none', 'but what an earlier one has hidden can be restored');
select is(pg_temp.shown(), 'early buy stop talk sorry', 'and is shown again');
select is(sync_channel(pg_temp.channel_in()) -> 'hidden', '[]', 'by the feed, too');
select is(pg_temp.refusal('select unban_member(pg_temp.community(), md5(''spammer'')::uuid, true)'), 'PT404 not_found', 'once');
select results_eq(
  $$ select after from list_audit_log(pg_temp.community(), p_action => 'member_unbanned') $$,
  $$ values ('{"restore_messages": true}'::jsonb), ('{"restore_messages": false}') $$, 'the log tells both'
);

-- A member banned once more while the first ban's messages are still hidden: both ranges hold.
select ban_member(pg_temp.community(), md5('spammer')::uuid, 'again', null, now() - interval '1 day');
select is(pg_temp.shown(), 'early stop talk', 'the next ban hides again');

-- The account ends. Its messages stay without an author, so nobody could tell any more that they are hidden.
reset role;
delete from auth.users where id = md5('spammer')::uuid;
select pg_temp.become('bob');
select is(pg_temp.shown(), 'early stop talk', 'a spammer who deletes the account brings nothing back');
select is(pg_temp.shown('Zig'), 'elsewhere', 'what was not hidden stays');
select is(
  (select reply - 'seq' from list_messages(pg_temp.channel_in()) where body = 'stop'), '{"author_id": null, "author_name": null, "excerpt": null, "created_at": null}',
  'an answer to what is gone shows nothing of it'
);
reset role;
delete from auth.users where id = md5('talker')::uuid;
select pg_temp.become('bob');
select is(pg_temp.shown(), 'early stop talk', 'and whose messages were not hidden may go without them going, too');

select * from finish();
rollback;
