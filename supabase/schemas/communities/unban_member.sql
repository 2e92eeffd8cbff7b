-- unban_member: Gate: ban_members. A ban past its end is none, swept or not; what it has hidden is there to be restored.
create function private.unban_member(p_community_id uuid, p_user_id uuid, p_restore_messages boolean, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_ban public.bans;
  v_restored boolean := false;
begin
  perform private.begin_change(p_community_id, 'ban_members');
  delete from public.bans b
  where b.community_id = p_community_id
    and b.user_id = p_user_id
    and (b.expires_at is null or b.expires_at > pg_catalog.clock_timestamp())
  returning b.* into v_ban;
  if p_restore_messages then
    delete from private.hidden_messages h where h.community_id = p_community_id and h.author_id = p_user_id;
    v_restored := found;
  end if;
  if v_ban.user_id is null and not v_restored then
    perform private.fail('not_found', 'There is no such ban.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;
  perform private.write_audit(
    p_community_id, 'member_unbanned', p_user_id::text,
    pg_catalog.jsonb_build_object('expires_at', v_ban.expires_at, 'reason', v_ban.reason),
    pg_catalog.jsonb_build_object('restore_messages', v_restored), p_reason
  );
end
$$;

revoke all on function private.unban_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function private.unban_member(uuid, uuid, boolean, text) to authenticated;

create function public.unban_member(
  p_community_id uuid,
  p_user_id uuid,
  p_restore_messages boolean default false,
  p_reason text default null
)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.unban_member(p_community_id, p_user_id, p_restore_messages, p_reason); $$;

comment on function public.unban_member(uuid, uuid, boolean, text) is
$$Ends a ban: the user may join again. Needs `ban_members`.
@param p_restore_messages true shows again what their bans have hidden, also those that ended before; then there need be no ban that holds
@param p_reason up to 512 characters, for the audit log
@errors session_required, not_found, missing_permission, timed_out, invalid_argument, rate_limited$$;

revoke all on function public.unban_member(uuid, uuid, boolean, text) from public, anon, authenticated, service_role;
grant execute on function public.unban_member(uuid, uuid, boolean, text) to authenticated;
