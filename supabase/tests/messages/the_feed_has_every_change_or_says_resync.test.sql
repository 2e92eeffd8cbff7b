begin;
select plan(37);
\ir ../shared.psql

select pg_temp.sign_up('ann', 'bob');

create function pg_temp.revisions(p_answer jsonb) returns bigint[] language sql as
$$ select array(select (c ->> 'revision')::bigint from jsonb_array_elements(p_answer -> 'changes') with ordinality as e (c, n) order by n) $$;

select pg_temp.become('ann');
select create_community('Rust');
select is(
  sync_channel(pg_temp.channel()) - 'topic' - 'community_topic' - 'user_id',
  '{"revision": 0, "last_seq": 0, "resync": false, "has_more": false, "changes": [], "hidden": [], "parent_id": null}', 'a new channel stands at nothing'
);
select is(sync_channel(pg_temp.channel(), 0) -> 'resync', 'false', 'and from nothing nothing has changed');
do $$ begin for n in 1..10 loop perform send_message(pg_temp.channel(), 'message ' || n); end loop; end $$;

-- Where it stands.
select is(
  sync_channel(pg_temp.channel()) - 'topic' - 'community_topic' - 'user_id',
  '{"revision": 10, "last_seq": 10, "resync": false, "has_more": false, "changes": [], "hidden": [], "parent_id": null}', 'without a revision only where the channel stands'
);
select is(
  sync_channel(pg_temp.channel()) ->> 'topic', 'channel:' || pg_temp.channel() || ':1-1', 'with today''s name of its topic'
);
select is(
  sync_channel(pg_temp.channel()) ->> 'community_topic', 'community:' || pg_temp.community() || ':1', 'and of its community''s'
);

-- What changed.
select is(pg_temp.revisions(sync_channel(pg_temp.channel(), 0)), '{1,2,3,4,5,6,7,8,9,10}', 'from the beginning every change, ascending');
select is(pg_temp.revisions(sync_channel(pg_temp.channel(), 7)), '{8,9,10}', 'from a revision those after it');
select is(
  sync_channel(pg_temp.channel(), 10) - 'topic' - 'community_topic' - 'user_id',
  '{"revision": 10, "last_seq": 10, "resync": false, "has_more": false, "changes": [], "hidden": [], "parent_id": null}', 'from the last one none'
);
select is(
  (sync_channel(pg_temp.channel(), 9) #> '{changes,0}') - 'at' - 'message', '{"revision": 10, "kind": "created", "seq": 10}', 'a change says what it is'
);
select is(
  sync_channel(pg_temp.channel(), 9) #> '{changes,0,message}',
  (select to_jsonb(m) from list_messages(pg_temp.channel(), 1) m), 'and carries the message as it is now'
);
select ok(
  (sync_channel(pg_temp.channel(), 9) #>> '{changes,0,at}')::timestamptz between now() - interval '1 second' and clock_timestamp(), 'and its time'
);

-- In pieces.
select is(pg_temp.revisions(sync_channel(pg_temp.channel(), 0, 4)), '{1,2,3,4}', 'no more than asked for');
select is(sync_channel(pg_temp.channel(), 0, 4) -> 'has_more', 'true', 'and that there are more');
select is(pg_temp.revisions(sync_channel(pg_temp.channel(), 8, 4)), '{9,10}', 'the last piece');
select is(sync_channel(pg_temp.channel(), 8, 4) -> 'has_more', 'false', 'is the last');
select is(sync_channel(pg_temp.channel(), 6, 4) -> 'has_more', 'false', 'also where it is just full');
select is(pg_temp.refused_field('select sync_channel(pg_temp.channel(), 0, 0)'), 'PT422 invalid_argument p_limit', 'a piece of none is refused');
select is(pg_temp.refused_field('select sync_channel(pg_temp.channel(), 0, 501)'), 'PT422 invalid_argument p_limit', 'so is one of more than 500');
select is(pg_temp.refused_field('select sync_channel(pg_temp.channel(), 0, 500)'), 'none', 'one of 500 is not');

-- What cannot be told.
select is(
  sync_channel(pg_temp.channel(), 11) - 'topic' - 'community_topic' - 'user_id',
  '{"revision": 10, "last_seq": 10, "resync": true, "has_more": false, "changes": [], "hidden": [], "parent_id": null}', 'a revision from the future is told to start anew'
);
select is(sync_channel(pg_temp.channel(), 9223372036854775807) -> 'resync', 'true', 'however far');
select is(sync_channel(pg_temp.channel(), -1) -> 'resync', 'true', 'so is one from before the beginning');
select is(sync_channel(pg_temp.channel(), -9223372036854775808) -> 'resync', 'true', 'however far');
reset role;
update private.channel_events set at = at - interval '73 hours' where channel_id = pg_temp.channel() and revision <= 4;
select private.sweep_messages();
select pg_temp.become('ann');
select is(sync_channel(pg_temp.channel(), 3) -> 'resync', 'true', 'a revision that the feed no longer reaches is told to start anew');
select is(sync_channel(pg_temp.channel(), 3) -> 'changes', '[]', 'and gets no changes with a hole before them');
select is(sync_channel(pg_temp.channel(), 3, 2) -> 'has_more', 'false', 'nor is it sent for more of them');
select is(sync_channel(pg_temp.channel(), 3) -> 'revision', '10', 'but is told from where to go on');
select is(pg_temp.revisions(sync_channel(pg_temp.channel(), 4)), '{5,6,7,8,9,10}', 'the first revision that the feed still reaches gets all after it');
select is(sync_channel(pg_temp.channel(), 4) -> 'resync', 'false', 'and goes on');
reset role;
delete from private.channel_events where channel_id = pg_temp.channel();
select pg_temp.become('ann');
select is(sync_channel(pg_temp.channel(), 9) -> 'resync', 'true', 'an empty feed behind a channel that has changed reaches nothing');
select is(sync_channel(pg_temp.channel(), 10) -> 'resync', 'false', 'but whoever knows all of it has missed nothing');
reset role;
insert into private.channel_events (channel_id, revision, kind, seq)
select pg_temp.channel(), n, 'created', n from generate_series(5, 10) as n where n <> 8;
select pg_temp.become('ann');
select is(sync_channel(pg_temp.channel(), 6) -> 'resync', 'true', 'a hole in the middle of the feed is never passed over');

-- Without read_history.
reset role;
insert into private.channel_events (channel_id, revision, kind, seq) values (pg_temp.channel(), 8, 'created', 8);
select private.add_member(pg_temp.community(), md5('bob')::uuid);
insert into public.channel_overwrites (community_id, channel_id, role_id, deny)
select community_id, pg_temp.channel(), id, private.permission_mask('read_history') from public.roles where community_id = pg_temp.community();
select private.resolve_access(pg_temp.community());
select pg_temp.become('bob');
select is(pg_temp.revisions(sync_channel(pg_temp.channel(), 4)), '{5,6,7,8,9,10}', 'without read_history the changes come');
select ok(
  (select bool_and(c -> 'message' = 'null') from jsonb_array_elements(sync_channel(pg_temp.channel(), 4) -> 'changes') as c), 'without the messages'
);
select ok(position('message ' in sync_channel(pg_temp.channel(), 4)::text) = 0, 'nothing of their texts');
reset role;
update public.channel_overwrites set deny = private.permission_mask('view_channel') where community_id = pg_temp.community();
select private.resolve_access(pg_temp.community());
select pg_temp.become('bob');
select is(pg_temp.refused_field('select sync_channel(pg_temp.channel(), 4)'), 'PT404 not_found p_channel_id', 'without view_channel there is no feed');
select is(pg_temp.refused_field('select sync_channel(pg_temp.channel())'), 'PT404 not_found p_channel_id', 'nor where it stands');

select * from finish();
rollback;
