-- is_banned: whether a ban holds at this moment.
create function private.is_banned(p_community_id uuid, p_user_id uuid)
returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.bans b
    where b.community_id = p_community_id
      and b.user_id = p_user_id
      and (b.expires_at is null or b.expires_at > pg_catalog.clock_timestamp())
  );
$$;

revoke all on function private.is_banned(uuid, uuid) from public, anon, authenticated, service_role;
