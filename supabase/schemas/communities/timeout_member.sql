-- timeout_member: Gate: timeout_members, the member below the caller. Hours, because a day is 23 hours long where the
-- session's zone changes its clocks.
create function private.timeout_member(p_community_id uuid, p_user_id uuid, p_until timestamptz, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_old timestamptz;
begin
  perform private.begin_change(p_community_id, 'timeout_members');
  if p_until is not null and (
    p_until <= pg_catalog.clock_timestamp() or p_until > pg_catalog.clock_timestamp() + interval '672 hours'
  ) then
    perform private.fail(
      'invalid_argument', 'A timeout ends in the future, within 28 days.', 422,
      pg_catalog.jsonb_build_object('field', 'p_until')
    );
  end if;
  perform private.require_above_member(p_community_id, p_user_id);
  if p_until is not null and private.base_permissions(
    p_community_id, private.granted_role_ids(p_community_id, p_user_id), p_user_id
  ) & private.permission_mask('administrator') <> 0 then
    perform private.fail('role_hierarchy', 'Administrators are exempt from timeouts.', 403);
  end if;

  -- One that is past is none, also one that ended while we waited for the lock: its member may be back on the voice topics.
  select m.timed_out_until into v_old
  from public.community_members m
  where m.community_id = p_community_id and m.user_id = p_user_id and m.timed_out_until > pg_catalog.clock_timestamp();
  if v_old is not distinct from p_until then
    return;
  end if;
  update public.community_members m
  set timed_out_until = p_until
  where m.community_id = p_community_id and m.user_id = p_user_id;

  -- Seeing and reading stay, so no topic moves but those of the voice channels that the member might connect to.
  perform private.announce(
    p_community_id, 'member_updated', pg_catalog.jsonb_build_object('user_id', p_user_id),
    array(
      select c.id
      from public.community_members m
      join private.channel_access a on a.access_class_id = m.access_class_id
      join public.channels c on c.id = a.channel_id and c.kind = 'voice'
      where m.community_id = p_community_id and m.user_id = p_user_id
        and v_old is null
        and a.permissions & (select private.permission_mask('connect')) <> 0
    )
  );
  perform private.notify_access_changed(p_user_id, p_community_id, 'timed_out');
  perform private.write_audit(
    p_community_id, 'member_timed_out', p_user_id::text,
    pg_catalog.jsonb_build_object('until', v_old), pg_catalog.jsonb_build_object('until', p_until), p_reason
  );
end
$$;

revoke all on function private.timeout_member(uuid, uuid, timestamptz, text) from public, anon, authenticated, service_role;
grant execute on function private.timeout_member(uuid, uuid, timestamptz, text) to authenticated;

create function public.timeout_member(
  p_community_id uuid,
  p_user_id uuid,
  p_until timestamptz,
  p_reason text default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.timeout_member(p_community_id, p_user_id, p_until, p_reason); $$;

comment on function public.timeout_member(uuid, uuid, timestamptz, text) is
$$Times a member below the caller out, or ends their timeout: until then they may only look and read, also after leaving and coming back. Needs
`timeout_members`. Administrators are exempt: `role_hierarchy`.
@param p_until {string | null} at most 28 days from now; null: the timeout ends now
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, role_hierarchy, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.timeout_member(uuid, uuid, timestamptz, text) from public, anon, authenticated, service_role;
grant execute on function public.timeout_member(uuid, uuid, timestamptz, text) to authenticated;
