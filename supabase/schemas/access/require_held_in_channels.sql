-- require_held_in_channels: what roles bring along in single channels is held to the same rule as their permissions:
-- granting a role gives what its overwrites allow, taking it away gives back what they deny. Without this a manager would
-- see a private channel by granting the role that opens it, or speak by shedding the role that silences.
create function private.require_held_in_channels(p_community_id uuid, p_granted uuid[], p_revoked uuid[])
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_lacking bigint;
begin
  select w.given & ~coalesce(private.channel_permissions(w.channel_id), 0) into v_lacking
  from (
    select o.channel_id, pg_catalog.bit_or(
      case when o.role_id = any (p_granted) then o.allow else 0 end
      | case when o.role_id = any (p_revoked) then o.deny else 0 end
    ) as given
    from public.channel_overwrites o
    where o.community_id = p_community_id and o.role_id = any (p_granted || p_revoked)
    group by o.channel_id
  ) w
  where w.given & ~coalesce(private.channel_permissions(w.channel_id), 0) <> 0
  limit 1;
  -- The channel is not named: it may be one that the caller does not see.
  perform private.require_held(0, coalesce(v_lacking, 0));
end
$$;

revoke all on function private.require_held_in_channels(uuid, uuid[], uuid[]) from public, anon, authenticated, service_role;
