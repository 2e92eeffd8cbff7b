begin;
select plan(4);

-- What our functions raise or answer, with its status where it stands there.
create temp table raised as
select distinct m[1] as code, m[2]::integer as status
from pg_proc p, regexp_matches(p.prosrc, 'private\.(?:fail|refusal)\(\s*''([a-z_]+)'',\s*(?:''(?:[^'']|'''')*''|pg_catalog\.format\([^;]*?\)),\s*(\d{3})\M', 'g') as m
where p.pronamespace = 'private'::regnamespace;

select cmp_ok((select count(distinct code) from raised), '>=', 12::bigint, 'functions raise codes');
select is_empty(
  $$ select distinct m[1] from pg_proc p, regexp_matches(p.prosrc, 'private\.(?:fail|refusal)\(\s*''([a-z_]+)''', 'g') as m
     where p.pronamespace = 'private'::regnamespace and m[1] not in (select code from private.error_codes) $$,
  'every code that a function raises is listed'
);
select is_empty(
  $$ select code, status, is_fault from raised join private.error_codes using (code) where is_fault <> (status >= 500) $$,
  'as a fault where its status says so, and only there'
);
select ok((select is_fault from private.error_codes where code = 'other'), 'what is not listed is one');

select * from finish();
rollback;
