-- require_in_channel: the gate of every operation on a channel, asked once, at its top. Returns the caller's mask there.
-- Whoever may not view the channel learns nothing, not even that it exists.
create function private.require_in_channel(p_channel_id uuid, p_permission text, p_place text default 'channel')
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.channel_permissions(p_channel_id);
  v_needed bigint := private.permission_mask(p_permission);
begin
  -- Without view_channel there is no right at all (see rights_in), nor without a session.
  if coalesce(v_permissions, 0) = 0 then
    perform private.require_user();
    perform private.fail(
      'not_found', pg_catalog.format('There is no such %s.', p_place), 404,
      pg_catalog.jsonb_build_object('field', pg_catalog.format('p_%s_id', p_place))
    );
  end if;
  if v_permissions & v_needed = 0 then
    -- Only what the timeout takes is put down to it.
    if private.channel_permissions(p_channel_id, p_without_timeout => true) & v_needed <> 0 then
      perform private.fail('timed_out', 'You are timed out in this community.', 403);
    end if;
    perform private.fail(
      'missing_permission', 'You are not allowed to do this here.', 403,
      pg_catalog.jsonb_build_object('permission', p_permission)
    );
  end if;
  return v_permissions;
end
$$;

revoke all on function private.require_in_channel(uuid, text, text) from public, anon, authenticated, service_role;
