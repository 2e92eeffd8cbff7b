-- finish_data_export: says how an export went: the size of the file that lies in the bucket, or what stood in its way. After the third try
-- it has failed. Gate: the secret key.
create function private.finish_data_export(p_export_id uuid, p_size bigint, p_error text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_export private.data_exports;
begin
  if (p_size is null) = (p_error is null) or p_size < 0 then
    perform private.fail(
      'invalid_argument', 'Say how long the file is, or what went wrong.', 422, pg_catalog.jsonb_build_object('field', 'p_size')
    );
  end if;
  update private.data_exports d
  set
    state = case when p_error is null then 'ready' when d.tries < 3 then 'waiting' else 'failed' end,
    size = p_size,
    expires_at = case
      when p_error is null then (select f.remove_at from private.export_files f where f.path = private.export_path(d))
    end,
    error = pg_catalog.left(p_error, 500)
  where d.id = p_export_id and d.state = 'working'
    and (p_error is not null or exists (select from private.export_files f where f.path = private.export_path(d)))
  returning d.* into v_export;
  if not found then
    perform private.fail('not_found', 'There is no such export.', 404, pg_catalog.jsonb_build_object('field', 'p_export_id'));
  end if;
  if v_export.state in ('ready', 'failed') then
    perform private.broadcast(
      'user:' || v_export.user_id, 'data_export_changed', pg_catalog.jsonb_build_object('state', v_export.state)
    );
  end if;
end
$$;

revoke all on function private.finish_data_export(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.finish_data_export(uuid, bigint, text) to service_role;

create function public.finish_data_export(p_export_id uuid, p_size bigint default null, p_error text default null)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.finish_data_export(p_export_id, p_size, p_error); $$;

comment on function public.finish_data_export(uuid, bigint, text) is
$$Says that an export lies in the bucket, or what stood in its way; then it is tried again, three times in all. Needs the secret key.
@param p_size {number} of the file, in bytes
@param p_error what went wrong, for the operator
@errors not_found, invalid_argument$$;

revoke all on function public.finish_data_export(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.finish_data_export(uuid, bigint, text) to service_role;
