begin;

-- Where plpgsql_check is on the server it has to be loaded before anything in plpgsql runs; only a superuser may LOAD it,
-- so it is called. The query is a text, because the function may not be there.
select query_to_xml('select * from plpgsql_check_function_tb(''private.fail''::regproc)', true, false, '') is not null as loaded
from pg_extension where extname = 'plpgsql_check';

create temp table functions as
select p.oid, p.oid::regprocedure::text as signature, p.prorettype, l.lanname as language
from pg_proc p join pg_language l on l.oid = p.prolang
where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace);

-- One test for each function, and where the checker is one more for each in plpgsql.
create temp table checked as
select * from functions where language = 'plpgsql' and exists (select from pg_extension where extname = 'plpgsql_check');
select plan(((select count(*) from functions) + (select count(*) from checked))::integer);

-- Installed once is not sound for ever: a column may have gone since. Each definition is read again by PostgreSQL.
set local check_function_bodies = on;
create function pg_temp.accepted(p_function oid) returns text language plpgsql as $$
begin
  execute pg_get_functiondef(p_function);
  return 'accepted';
exception when others then
  return sqlerrm;
end
$$;
select is(pg_temp.accepted(oid), 'accepted', 'PostgreSQL accepts ' || signature || ' again') from functions order by signature;

-- A trigger's function is read for the table it hangs on, with its transition tables.
-- The body of this one is not read before it is called, which is what its own search_path is for: it keeps it from being inlined.
set local check_function_bodies = off;
create function pg_temp.complaints(p_function oid) returns text language sql set search_path = extensions, pg_temp as $$
  select coalesce(string_agg(concat_ws(' ', c.lineno, c.level, c.sqlstate, c.message, c.detail), E'\n' order by c.lineno), 'nothing')
  from (values (p_function)) as f (oid)
  left join pg_trigger t on t.tgfoid = f.oid,
  lateral plpgsql_check_function_tb(
    funcoid => f.oid::regprocedure, relid => coalesce(t.tgrelid, 0)::regclass, newtable => t.tgnewtable, oldtable => t.tgoldtable,
    fatal_errors => false, performance_warnings => true,
    -- The one that builds policies joins pieces that it has quoted one by one, which the checker cannot see; the one that reads what is
    -- exported takes its pieces from a table that only migrations write.
    security_warnings => f.oid not in (to_regproc('private.register_topic'), to_regproc('private.export_page'))
  ) as c
$$;
select is(pg_temp.complaints(oid), 'nothing', 'plpgsql_check finds nothing in ' || signature) from checked order by signature;

select * from finish();
rollback;
