-- What the migration role may do to tables it does not own.
--
-- On a hosted project an extension of the server lets `postgres` write policies and triggers on a short list of platform
-- tables and refuses everything else. A plain PostgreSQL lets only a table's owner write policies. So `postgres`
-- becomes a member of the owning roles, and event triggers take back, statement by statement, all that the membership
-- gives beyond the list. They look at what a statement did and fail it, so nothing is left of it.
-- The superuser and the services' own roles are not held back.

do $membership$
declare
  owning name;
begin
  foreach owning in array array[
    'supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin'
  ]::name[] loop
    if current_setting('server_version_num')::int >= 160000 then
      -- Rights, without the possibility to become the role or to give something to it.
      execute format('grant %I to postgres with inherit true, set false', owning);
    else
      execute format('grant %I to postgres', owning);
    end if;
  end loop;
end
$membership$;

-- Event triggers run with the rights of whoever gave the statement, so everybody may call what they are made of.
grant usage on schema platform_shim to public;

-- True for whoever has rights on the platform's tables through the membership above and not by itself.
create or replace function platform_shim.is_held_back() returns boolean
language sql
stable
set search_path = ''
as $$
  select not exists (
    select from pg_catalog.pg_roles where rolname = current_user and rolsuper
  )
  and session_user not in ('supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin')
$$;

create or replace function platform_shim.is_platform_schema(p_schema text) returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(p_schema in ('auth', 'storage', 'realtime', 'vault', 'platform_shim'), false)
$$;

create or replace function platform_shim.may_change(p_kind text, p_schema text, p_table text)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select case p_kind
    when 'policy' then p_schema = 'auth'
      or (p_schema, p_table) in (
        ('realtime', 'messages'), ('storage', 'objects'), ('storage', 'buckets')
      )
    when 'trigger' then
      (p_schema, p_table) in (('auth', 'users'), ('storage', 'objects'), ('realtime', 'messages'))
    else false
  end
$$;

-- The platform table that an object without a schema of its own hangs on: a policy, a trigger, a rule, a partition.
create or replace function platform_shim.parent_table(p_class oid, p_object oid) returns oid
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (select polrelid from pg_catalog.pg_policy where p_class = 'pg_catalog.pg_policy'::regclass and oid = p_object),
    (select tgrelid from pg_catalog.pg_trigger where p_class = 'pg_catalog.pg_trigger'::regclass and oid = p_object),
    (select ev_class from pg_catalog.pg_rewrite where p_class = 'pg_catalog.pg_rewrite'::regclass and oid = p_object),
    (
      select inhparent from pg_catalog.pg_inherits
      where p_class = 'pg_catalog.pg_class'::regclass and inhrelid = p_object
      limit 1
    )
  )
$$;

create or replace function platform_shim.owner_of(p_class oid, p_object oid) returns name
language sql
stable
set search_path = ''
as $$
  select pg_catalog.pg_get_userbyid(coalesce(
    (select relowner from pg_catalog.pg_class where p_class = 'pg_catalog.pg_class'::regclass and oid = p_object),
    (select proowner from pg_catalog.pg_proc where p_class = 'pg_catalog.pg_proc'::regclass and oid = p_object),
    (select typowner from pg_catalog.pg_type where p_class = 'pg_catalog.pg_type'::regclass and oid = p_object)
  ))
$$;

-- Who may do what on the platform's own objects, and who may pass it on.
create or replace function platform_shim.platform_rights()
returns table (object_name text, grantee oid, privilege text, grantable boolean)
language sql
stable
set search_path = ''
as $$
  with objects as (
    select 'table ' || c.oid::regclass::text as object_name,
      coalesce(c.relacl, pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) as acl
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where platform_shim.is_platform_schema(n.nspname) and c.relkind in ('r', 'p', 'v', 'S')
    union all
    select 'column ' || a.attname || ' of table ' || a.attrelid::regclass::text, a.attacl
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where platform_shim.is_platform_schema(n.nspname) and a.attacl is not null
    union all
    select 'function ' || p.oid::regprocedure::text,
      coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where platform_shim.is_platform_schema(n.nspname)
    union all
    select 'schema ' || n.nspname, coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
    from pg_catalog.pg_namespace as n
    where platform_shim.is_platform_schema(n.nspname)
  )
  select objects.object_name, entry.grantee, entry.privilege_type, pg_catalog.bool_or(entry.is_grantable)
  from objects
  cross join lateral pg_catalog.aclexplode(objects.acl) as entry
  group by objects.object_name, entry.grantee, entry.privilege_type
$$;

-- A grant tells an event trigger neither its object nor its grantee, so the rights before it are kept to compare.
-- A hosted project only warns about a grant that it does not carry out; here it fails, so that nobody misses it.
create or replace function platform_shim.remember_rights() returns event_trigger
language plpgsql
set search_path = ''
as $$
begin
  if platform_shim.is_held_back() then
    perform pg_catalog.set_config(
      'platform_shim.rights',
      (select pg_catalog.jsonb_agg(rights)::text from platform_shim.platform_rights() as rights),
      true
    );
  end if;
end
$$;

create or replace function platform_shim.refuse_foreign_grants() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  refused text;
begin
  if not platform_shim.is_held_back() then
    return;
  end if;
  with before as (
    select kept.*
    from pg_catalog.jsonb_to_recordset(
      nullif(pg_catalog.current_setting('platform_shim.rights', true), '')::jsonb
    ) as kept (object_name text, grantee oid, privilege text, grantable boolean)
  ), after as (
    select * from platform_shim.platform_rights()
  )
  select coalesce(after.object_name, before.object_name)
  into refused
  from before
  full join after using (object_name, grantee, privilege)
  where
    -- Given: only what postgres may pass on. A right on a column may be passed on with the right on its table.
    (
      before.object_name is null
      and not exists (
        select
        from before as own
        where own.grantee = 'postgres'::regrole
          and own.grantable
          and own.privilege = after.privilege
          and own.object_name in (
            after.object_name, pg_catalog.regexp_replace(after.object_name, '^column .* of ', '')
          )
      )
    )
    -- Taken: only from roles of the project's own.
    or (
      after.object_name is null
      and (
        before.grantee = 0
        or pg_catalog.pg_get_userbyid(before.grantee)
          in ('anon', 'authenticated', 'service_role', 'authenticator', 'postgres')
        or pg_catalog.pg_get_userbyid(before.grantee) like 'supabase\_%'
      )
    )
  order by 1
  limit 1;
  if refused is not null then
    raise exception 'permission denied for %', refused
      using errcode = '42501', hint = 'A hosted project leaves the rights on this object as they were.';
  end if;
end
$$;

create or replace function platform_shim.refuse_foreign_changes() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  changed record;
  parent record;
begin
  if not platform_shim.is_held_back() then
    return;
  end if;
  for changed in
    select * from pg_catalog.pg_event_trigger_ddl_commands()
  loop
    if changed.command_tag = 'ALTER DEFAULT PRIVILEGES' then
      if exists (
        select
        from pg_catalog.pg_default_acl
        where pg_catalog.pg_get_userbyid(defaclrole)
          in ('supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin')
      ) then
        raise exception 'permission denied to change default privileges' using errcode = '42501';
      end if;
      continue;
    end if;

    select n.nspname, c.relname
    into parent
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.oid = platform_shim.parent_table(changed.classid, changed.objid);

    if found and platform_shim.is_platform_schema(parent.nspname) then
      if not platform_shim.may_change(changed.object_type, parent.nspname, parent.relname) then
        raise exception 'must be owner of table %', parent.relname using errcode = '42501';
      end if;
    elsif platform_shim.is_platform_schema(changed.schema_name) then
      if changed.command_tag like 'CREATE%' and changed.object_type <> 'index' then
        raise exception 'permission denied for schema %', changed.schema_name
          using errcode = '42501';
      end if;
      raise exception 'must be owner of % %', changed.object_type, changed.object_identity
        using errcode = '42501';
    elsif platform_shim.owner_of(changed.classid, changed.objid)
      in ('supabase_auth_admin', 'supabase_storage_admin', 'supabase_realtime_admin')
    then
      raise exception 'must be owner of % %', changed.object_type, changed.object_identity
        using errcode = '42501';
    end if;
  end loop;
end
$$;

create or replace function platform_shim.refuse_foreign_drops() returns event_trigger
language plpgsql
set search_path = ''
as $$
declare
  dropped record;
  home text;
begin
  if not platform_shim.is_held_back() then
    return;
  end if;
  -- What falls with something of one's own is no concern: a foreign key's triggers, a policy on a dropped function.
  for dropped in
    select * from pg_catalog.pg_event_trigger_dropped_objects() where original
  loop
    home := case
      when dropped.object_type in (
        'policy', 'trigger', 'rule', 'table constraint', 'default value', 'schema'
      ) then dropped.address_names[1]
      else dropped.schema_name
    end;
    if platform_shim.is_platform_schema(home)
      and not platform_shim.may_change(dropped.object_type, home, dropped.address_names[2])
    then
      raise exception 'must be owner of % %', dropped.object_type, dropped.object_identity
        using errcode = '42501';
    end if;
  end loop;
end
$$;

-- Dropped first, because an event trigger cannot be replaced.
drop event trigger if exists platform_shim_remember_rights;
drop event trigger if exists platform_shim_refuse_foreign_grants;
drop event trigger if exists platform_shim_refuse_foreign_changes;
drop event trigger if exists platform_shim_refuse_foreign_drops;
create event trigger platform_shim_remember_rights
  on ddl_command_start when tag in ('GRANT', 'REVOKE')
  execute function platform_shim.remember_rights();
create event trigger platform_shim_refuse_foreign_grants
  on ddl_command_end when tag in ('GRANT', 'REVOKE')
  execute function platform_shim.refuse_foreign_grants();
create event trigger platform_shim_refuse_foreign_changes
  on ddl_command_end
  execute function platform_shim.refuse_foreign_changes();
create event trigger platform_shim_refuse_foreign_drops
  on sql_drop
  execute function platform_shim.refuse_foreign_drops();
