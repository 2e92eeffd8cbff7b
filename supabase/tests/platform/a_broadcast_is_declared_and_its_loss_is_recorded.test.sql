begin;
select plan(10);
\ir ../shared.psql

insert into private.topics (prefix, description) values ('test', 'For this test');
insert into private.topic_events (prefix, event, description) values ('test', 'happened', 'For this test');

select lives_ok($$ select private.broadcast('test:1', 'happened', '{"a": 1}') $$, 'a declared event is sent');
select is(
  (select payload - 'id' from realtime.messages where topic = 'test:1'), '{"a": 1}',
  'its row carries the payload'
);
select is(
  (select array[event, extension, private::text] from realtime.messages where topic = 'test:1'),
  array['happened', 'broadcast', 'true'], 'under its name, as a private broadcast'
);
select ok(
  (select (payload ->> 'id')::uuid is not null from realtime.messages where topic = 'test:1'), 'the payload has an id'
);
select is(
  (select count(*) from private.lost_broadcasts where topic like 'test:%'), 0::bigint, 'a broadcast that was written is not recorded as lost'
);

select is(
  pg_temp.refusal($$ select private.broadcast('test:1', 'undeclared', '{}') $$), 'PT500 internal',
  'an event that is not declared is refused'
);
select is(
  pg_temp.refusal($$ select private.broadcast('nowhere:1', 'happened', '{}') $$), 'PT500 internal',
  'an event declared for another prefix is refused'
);
select is(
  pg_temp.refusal($$ set local role authenticated; select private.broadcast('test:1', 'happened', '{}') $$), '42501',
  'a client cannot broadcast through it'
);

-- realtime.send fails from here on, as it does when today's partition is missing.
create function private.test_refuse_row() returns trigger language plpgsql as
$$ begin raise exception 'no partition of relation "messages" found for row'; end $$;
create trigger test_refuse_row before insert on realtime.messages
for each row execute function private.test_refuse_row();
set local client_min_messages = error;

select lives_ok(
  $$ select private.broadcast('test:2', 'happened', '{"a": 1}') $$, 'a broadcast that Realtime loses does not fail its cause'
);
select results_eq(
  $$ select topic, event from private.lost_broadcasts where topic like 'test:%' $$,
  $$ values ('test:2', 'happened') $$,
  'and is recorded as lost'
);

select * from finish();
rollback;
