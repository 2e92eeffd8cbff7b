-- export_page: a page of one section of an export, as personal_data says. Gate: the secret key, and an export that is being made.
create function private.export_page(p_export_id uuid, p_section text, p_after jsonb, p_limit integer)
returns jsonb
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid;
  v_data private.personal_data;
  v_page jsonb;
begin
  perform private.require_limit(p_limit, 5000);
  select d.user_id into v_user_id from private.data_exports d where d.id = p_export_id and d.state = 'working';
  if not found or private.is_ending(v_user_id) then
    perform private.fail('not_found', 'There is no such export.', 404, pg_catalog.jsonb_build_object('field', 'p_export_id'));
  end if;
  select p.* into v_data from private.personal_data p where p.section = p_section;
  if not found then
    perform private.fail('not_found', 'There is no such section.', 404, pg_catalog.jsonb_build_object('field', 'p_section'));
  end if;

  execute (
    select pg_catalog.format(
      $query$
        select pg_catalog.jsonb_build_object(
          'rows', coalesce(pg_catalog.jsonb_agg(p.item order by p.place), '[]'),
          'next', case when pg_catalog.count(*) = $3 then (pg_catalog.array_agg(p.key order by p.place desc))[1] end
        )
        from (
          select %2$s as item, pg_catalog.jsonb_build_array(%3$s) as key, pg_catalog.row_number() over (order by %3$s) as place
          from %1$s t
          where t.%4$I = $1 and ($2 is null or (%3$s) > (%5$s))
          order by %3$s
          limit $3
        ) p
      $query$,
      v_data.relation, v_data.item, pg_catalog.string_agg(pg_catalog.format('t.%I', k.name), ', ' order by k.place), v_data.user_column,
      pg_catalog.string_agg(
        pg_catalog.format('($2 ->> %s)::%s', k.place - 1, pg_catalog.format_type(a.atttypid, a.atttypmod)), ', ' order by k.place
      )
    )
    from pg_catalog.unnest(v_data.key) with ordinality as k (name, place)
    join pg_catalog.pg_attribute a on a.attrelid = v_data.relation::regclass and a.attname = k.name
  ) into v_page using v_user_id, p_after, p_limit;
  return v_page;
end
$$;

revoke all on function private.export_page(uuid, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function private.export_page(uuid, text, jsonb, integer) to service_role;

create function public.export_page(p_export_id uuid, p_section text, p_after jsonb default null, p_limit integer default 1000)
returns jsonb
language sql volatile security invoker set search_path = ''
as $$ select private.export_page(p_export_id, p_section, p_after, p_limit); $$;

comment on function public.export_page(uuid, text, jsonb, integer) is
$$Returns a page of one section of an export that is being made. Needs the secret key.
@param p_after {unknown} `next` of the page before; left out: from the beginning
@param p_limit 1 to 5,000 rows
@errors not_found, invalid_argument
@returns {{ rows: Record<string, unknown>[]; next: unknown }} `next` null: there is no more$$;

revoke all on function public.export_page(uuid, text, jsonb, integer) from public, anon, authenticated, service_role;
grant execute on function public.export_page(uuid, text, jsonb, integer) to service_role;
