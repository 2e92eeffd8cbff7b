begin;
select plan(17);

create temp table functions as
select p.*, n.nspname as schema, p.oid::regprocedure::text as signature, obj_description(p.oid, 'pg_proc') as comment,
  (select lanname from pg_language where oid = p.prolang) as language
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname in ('public', 'private');

select cmp_ok((select count(*) from functions where schema = 'public'), '>=', 12::bigint, 'there are functions in public');
select cmp_ok((select count(*) from functions where schema = 'private'), '>=', 40::bigint, 'and in private');
select is_empty(
  $$ select signature, proconfig from functions where proconfig is null or not proconfig && array['search_path=""', 'search_path='] $$,
  'every function has an empty search_path'
);
select is_empty(
  $$ select schema, proname from functions group by 1, 2 having count(*) > 1 $$, 'no function is overloaded'
);
select is_empty(
  $$ select signature, argument from functions, unnest(proargnames[1:pronargs]) as argument where argument !~ '^p?_[a-z]' $$, 'every argument is named, with p_ or _ before it'
);
select is_empty(
  $$ select signature from functions where pronargs > 0 and coalesce(cardinality(proargnames), 0) < pronargs $$, 'none is without a name'
);
select is_empty(
  $$ select signature from functions where proargmodes && array['o', 't', 'b']::"char"[] $$, 'none has OUT arguments or returns a table of its own, whose names could be a column''s'
);
select is_empty($$ select signature, language from functions where language not in ('sql', 'plpgsql') $$, 'each is written in SQL or plpgsql');
select is_empty($$ select signature from functions where schema = 'public' and prosecdef $$, 'none in public runs with its owner''s rights');
select is_empty($$ select signature from functions where schema = 'public' and language <> 'sql' and prosrc !~ '^\s*begin return [^;]*; end\s*$' $$, 'each in public is one statement');
select is_empty(
  $$ select f.signature from functions f
     where f.schema = 'public'
       and not exists (select from functions p where p.schema = 'private' and p.proname = f.proname
         and p.proargnames[1:p.pronargs] is not distinct from f.proargnames[1:f.pronargs] and p.proargtypes = f.proargtypes
         and p.prorettype = f.prorettype and p.proretset = f.proretset and p.provolatile = f.provolatile and p.prosecdef
         and f.prosrc ~ ('^\s*(select (\* from )?|begin return )private\.' || f.proname || '\(' || array_to_string(coalesce(f.proargnames[1:f.pronargs], '{}'), ', ') || '\);(\s*end)?\s*$')) $$,
  'which calls its namesake in private with the same arguments and the same result'
);
select is_empty(
  $$ select signature from functions where schema = 'private' and pronargdefaults > 0
     and proname in (select proname from functions where schema = 'public') and has_function_privilege('authenticated', oid, 'execute') $$,
  'defaults are written in public, once'
);
select is_empty($$ select signature from functions where schema = 'public' and comment is null $$, 'every function in public has a comment');
select is_empty(
  $$ select signature from functions where schema = 'public' and comment not like '%@errors %' and pronargs > 0 $$, 'which names its errors, unless it takes nothing and has none'
);
select is_empty(
  $$ select signature, code from functions, regexp_split_to_table(substring(comment from '@errors ([a-z_, ]+)'), ',\s*') as code
     where schema = 'public' and code not in (
       select (regexp_matches(prosrc, 'private\.(?:fail|refusal)\(\s*''([a-z_]+)''', 'g'))[1] from functions
     ) $$,
  'by codes that something raises'
);
select is_empty(
  $$ select signature, p from functions, regexp_matches(comment, '@param (p?_[a-z_]+)', 'g') as p where schema = 'public' and p[1] <> all (proargnames) $$,
  'and describes no argument that it does not have'
);
select is_empty(
  $$ select signature, pg_get_userbyid(proowner) from functions where proowner <> (select nspowner from pg_namespace where nspname = 'private') $$,
  'all belong to the role that applied the migrations'
);

select * from finish();
rollback;
