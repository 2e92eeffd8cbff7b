-- my_data_export: Gate: an account.
create function private.my_data_export()
returns public.data_export
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_export private.data_exports;
begin
  select d.* into v_export from private.data_exports d
  where d.user_id = v_user_id
  order by d.id desc
  limit 1;
  return case when v_export.id is not null then private.described_export(v_export) end;
end
$$;

revoke all on function private.my_data_export() from public, anon, authenticated, service_role;
grant execute on function private.my_data_export() to authenticated;

create function public.my_data_export()
returns public.data_export
language sql stable security invoker set search_path = ''
as $$ select private.my_data_export(); $$;

comment on function public.my_data_export() is
$$Returns the caller's last export, or null where there was none.
@errors session_required
@returns {DataExport | null}$$;

revoke all on function public.my_data_export() from public, anon, authenticated, service_role;
grant execute on function public.my_data_export() to authenticated;
