-- call_for_link_previews: has the Edge Function come where links wait for it, and only there.
create function private.call_for_link_previews()
returns void
language sql volatile security invoker set search_path = ''
as $$
  select private.call_edge_function('link-previews')
  where exists (
    select from private.link_preview_requests r where r.claimable_at <= pg_catalog.now() and r.tries < 3
  );
$$;

revoke all on function private.call_for_link_previews() from public, anon, authenticated, service_role;

select private.schedule_job('call_for_link_previews', '5 seconds', 'select private.call_for_link_previews()');
