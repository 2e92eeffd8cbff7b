-- require_in_community: the gate of every operation on a community as a whole, asked once, at its top.
-- Returns the caller's mask. p_permission null asks for membership only. p_named_by is what the caller named the community
-- by: 'community', or a 'role' or 'group' of it, which is what they are told there is none of.
create function private.require_in_community(
  p_community_id uuid,
  p_permission text default null,
  p_named_by text default 'community'
)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.community_permissions(p_community_id);
begin
  perform private.require_user();

  if v_permissions is null then
    perform private.fail(
      'not_found', pg_catalog.format('There is no such %s.', p_named_by), 404,
      pg_catalog.jsonb_build_object('field', pg_catalog.format('p_%s_id', p_named_by))
    );
  end if;
  if p_permission is not null and v_permissions & private.permission_mask(p_permission) = 0 then
    -- Only what the timeout takes is put down to it.
    if private.community_permissions(p_community_id, p_without_timeout => true) & private.permission_mask(p_permission) <> 0 then
      perform private.fail('timed_out', 'You are timed out in this community.', 403);
    end if;
    perform private.fail(
      'missing_permission', 'You are not allowed to do this.', 403,
      pg_catalog.jsonb_build_object('permission', p_permission)
    );
  end if;
  return v_permissions;
end
$$;

revoke all on function private.require_in_community(uuid, text, text) from public, anon, authenticated, service_role;
