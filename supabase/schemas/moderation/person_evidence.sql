-- person_evidence: who somebody is, by the names that the whole platform shows. Null where the account is gone.
create function private.person_evidence(p_user_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select pg_catalog.jsonb_build_object('id', p.id, 'username', p.username, 'display_name', p.display_name)
    from public.profiles p where p.id = p_user_id
  );
end
$$;

revoke all on function private.person_evidence(uuid) from public, anon, authenticated, service_role;
