-- direct_from: who may write to somebody directly: their choice, or what holds without one.
create function private.direct_from(p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return coalesce((select c.direct_from from private.preferences c where c.user_id = p_user_id), 'members');
end
$$;

revoke all on function private.direct_from(uuid) from public, anon, authenticated, service_role;
