begin;
select plan(5);

create temp table ids as
select n, private.uuid_v7() as id, clock_timestamp() as at
from generate_series(1, 2000) as n;

select is(
  (select count(*) from ids where substr(id::text, 15, 1) = '7'), 2000::bigint,
  'the version is 7'
);
select is(
  (select count(*) from ids where substr(id::text, 20, 1) in ('8', '9', 'a', 'b')), 2000::bigint,
  'the variant is that of RFC 9562'
);
select is((select count(distinct id) from ids), 2000::bigint, 'no two are the same');

create temp table times as
select n, id, at, ('x' || replace(left(id::text, 13), '-', ''))::bit(48)::bigint as milliseconds from ids;

select is(
  (select count(*) from times where milliseconds not between
    floor(extract(epoch from at) * 1000)::bigint - 1000 and floor(extract(epoch from at) * 1000)::bigint),
  0::bigint, 'the first 48 bits are the milliseconds of their making, whatever TimeZone is'
);
select is_empty(
  $$ select * from (
       select id, milliseconds, lag(id) over w as id_before, lag(milliseconds) over w as milliseconds_before
       from times window w as (order by n)
     ) t where milliseconds > milliseconds_before and id < id_before $$,
  'a later millisecond gives a greater id'
);

select * from finish();
rollback;
