-- export_my_data: Gate: an account. Limits: data_export per user, for a new one.
create function private.export_my_data()
returns public.data_export
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_export private.data_exports;
begin
  -- One call at a time: the second finds what the first has made.
  perform from public.profiles p where p.id = v_user_id for no key update;
  perform private.require_account();
  select d.* into v_export from private.data_exports d where d.user_id = v_user_id and d.state in ('waiting', 'working');
  if not found then
    perform private.take_token('data_export', v_user_id::text);
    insert into private.data_exports (user_id) values (v_user_id) returning * into v_export;
  end if;
  return private.described_export(v_export);
end
$$;

revoke all on function private.export_my_data() from public, anon, authenticated, service_role;
grant execute on function private.export_my_data() to authenticated;

create function public.export_my_data()
returns public.data_export
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.export_my_data(); $$;

comment on function public.export_my_data() is
$$Asks for a file with all that is kept about the caller, and nothing that others wrote; where one is being made, returns that. It is made
within minutes: `data_export_changed` comes on `user:<id>`, and `my_data_export` says where it lies, for seven days.
@errors session_required, rate_limited
@idempotent$$;

revoke all on function public.export_my_data() from public, anon, authenticated, service_role;
grant execute on function public.export_my_data() to authenticated;
