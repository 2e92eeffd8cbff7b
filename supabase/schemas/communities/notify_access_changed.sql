-- notify_access_changed: tells one user, on every device, that something about their place in a community changed.
create function private.notify_access_changed(p_user_id uuid, p_community_id uuid, p_kind text)
returns void
language sql volatile security definer set search_path = ''
as $$
  select private.broadcast(
    'user:' || p_user_id, 'access_changed',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'kind', p_kind)
  );
$$;

revoke all on function private.notify_access_changed(uuid, uuid, text) from public, anon, authenticated, service_role;
