-- direct_from: from whom somebody takes direct messages (see preferences).
create function private.direct_from(p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return coalesce((select p.direct_from from private.preferences p where p.user_id = p_user_id), 'members');
end
$$;

revoke all on function private.direct_from(uuid) from public, anon, authenticated, service_role;
