begin;
select plan(3);

insert into private.topics (prefix, description) values ('test', 'For this test');
insert into private.topic_events (prefix, event, description) values ('test', 'happened', 'For this test');

-- A Data API client chooses its session's zone with `Prefer: timezone=…`. realtime.messages keeps times without one.
set local timezone = 'Pacific/Kiritimati';
select private.broadcast('test:east', 'happened', '{}');
set local timezone = 'Etc/GMT+12';
select private.broadcast('test:west', 'happened', '{}');
set local timezone = 'UTC';
select private.broadcast('test:utc', 'happened', '{}');

select is(
  (select inserted_at from realtime.messages where topic = 'test:east'), now() at time zone 'UTC',
  'a client far in the east does not date its broadcasts into tomorrow'
);
select is(
  (select inserted_at from realtime.messages where topic = 'test:west'), now() at time zone 'UTC',
  'a client far in the west does not date its broadcasts into yesterday'
);
select is(
  (select inserted_at from realtime.messages where topic = 'test:utc'), now() at time zone 'UTC',
  'nor does one at UTC'
);

select * from finish();
rollback;
