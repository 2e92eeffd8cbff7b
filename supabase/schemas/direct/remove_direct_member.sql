-- remove_direct_member: Gate: membership, and the group's owner. Limits: direct_change per user. What follows from it: see
-- end_direct_memberships.
create function private.remove_direct_member(p_channel_id uuid, p_user_id uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_group private.direct_channels := private.begin_direct_group_change(p_channel_id, p_is_alone => true);
begin
  if v_group.owner_id is distinct from (select auth.uid()) then
    perform private.fail('role_hierarchy', 'Only its owner takes members out of a group.', 403);
  end if;
  if p_user_id = (select auth.uid()) then
    perform private.fail(
      'invalid_argument', 'To go yourself, leave the group.', 422, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  perform private.take_token('direct_change', (select auth.uid())::text);
  delete from private.direct_members m where m.channel_id = p_channel_id and m.user_id = p_user_id;
end
$$;

revoke all on function private.remove_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.remove_direct_member(uuid, uuid) to authenticated;

create function public.remove_direct_member(p_channel_id uuid, p_user_id uuid)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.remove_direct_member(p_channel_id, p_user_id); $$;

comment on function public.remove_direct_member(uuid, uuid) is
$$Takes somebody out of a group, who sees nothing of it any more. Only its owner may.
@errors session_required, not_found, role_hierarchy, invalid_argument, rate_limited
@idempotent
@sdk removeMember$$;

revoke all on function public.remove_direct_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.remove_direct_member(uuid, uuid) to authenticated;
