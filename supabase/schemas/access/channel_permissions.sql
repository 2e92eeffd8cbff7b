-- channel_permissions: the caller's mask in a channel, a thread or a direct channel; null where there is none such, or no
-- membership.
-- One index lookup each: the channel, the membership, the answer. Only when a temporary grant has ended and is not swept
-- yet, the rule is asked itself.
-- plpgsql, because every gate asks it and only plpgsql keeps the plan from one call to the next.
-- p_user_id: somebody else's, in a channel only. For what the server does by itself; a client's word never comes here.
create function private.channel_permissions(
  p_channel_id uuid,
  p_without_timeout boolean default false,
  p_user_id uuid default null
)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := coalesce(p_user_id, auth.uid());
  v_member record;
begin
  select m.community_id, m.user_id, m.access_class_id, m.access_expires_at, m.timed_out_until, ca.permissions
  into v_member
  from public.channels ch
  join public.community_members m on m.community_id = ch.community_id and m.user_id = v_user_id
  join private.channel_access ca on ca.access_class_id = m.access_class_id and ca.channel_id = ch.id
  where ch.id = p_channel_id;
  if not found then
    if p_user_id is not null then
      return null;
    end if;
    return coalesce(private.thread_permissions(p_channel_id, p_without_timeout), private.direct_permissions(p_channel_id));
  end if;

  if v_member.access_expires_at <= pg_catalog.now() then
    v_member.permissions := (
      select r.permissions from private.rights_now(v_member.community_id, v_member.user_id, p_channel_id) r
    );
  end if;
  if v_member.timed_out_until > pg_catalog.now() and not p_without_timeout then
    return private.left_by_timeout(v_member.permissions, v_member.community_id, v_member.user_id);
  end if;
  return v_member.permissions;
end
$$;

revoke all on function private.channel_permissions(uuid, boolean, uuid) from public, anon, authenticated, service_role;
