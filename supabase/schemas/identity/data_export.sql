-- data_export: an export as its owner sees it.
create type public.data_export as (
  id uuid,
  state text,
  requested_at timestamptz,
  expires_at timestamptz,
  path text,
  size bigint
);

comment on type public.data_export is $$What is kept about the caller, as one file.
@not_null id, state, requested_at$$;
comment on column public.data_export.state is $$`waiting` and `working`: it is being made; `ready`: it may be fetched; `failed`: ask again.
@type {'waiting' | 'working' | 'ready' | 'failed'}$$;
comment on column public.data_export.expires_at is 'Until when it may be fetched; null where it is not ready.';
comment on column public.data_export.path is 'Where it lies in the bucket `exports`; null where it is not ready, or not any more.';
comment on column public.data_export.size is 'In bytes, compressed; null where it is not ready.';

revoke all on type public.data_export from public, anon, authenticated, service_role;
grant usage on type public.data_export to authenticated;

create function private.described_export(p_export private.data_exports)
returns public.data_export
language plpgsql stable security definer set search_path = ''
as $$
begin
  return row(
    p_export.id, p_export.state, p_export.requested_at, p_export.expires_at,
    case when p_export.expires_at > pg_catalog.now() then private.export_path(p_export) end, p_export.size
  )::public.data_export;
end
$$;

revoke all on function private.described_export(private.data_exports) from public, anon, authenticated, service_role;
