-- write_ban: bans somebody, after the gate and the hierarchy. One membership and one event,
-- however much they have written. The caller holds change_access.
create function private.write_ban(
  p_community_id uuid,
  p_user_id uuid,
  p_reason text,
  p_expires_at timestamptz,
  p_hide_messages_since timestamptz
)
returns public.bans
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_now timestamptz := pg_catalog.clock_timestamp();
  v_ban public.bans;
  v_was_member boolean;
begin
  if p_expires_at is not null and (p_expires_at <= v_now or p_expires_at = 'infinity') then
    perform private.fail(
      'invalid_argument', 'A ban ends in the future, or never.', 422,
      pg_catalog.jsonb_build_object('field', 'p_expires_at')
    );
  end if;
  if p_hide_messages_since > v_now or p_hide_messages_since = '-infinity' then
    perform private.fail(
      'invalid_argument', 'Messages are hidden since a time in the past.', 422,
      pg_catalog.jsonb_build_object('field', 'p_hide_messages_since')
    );
  end if;

  insert into public.bans as b (community_id, user_id, actor_id, reason, expires_at, created_at)
  values (
    p_community_id, p_user_id, (select auth.uid()), nullif(pg_catalog.btrim(p_reason), ''), p_expires_at, v_now
  )
  on conflict (community_id, user_id) do update set
    actor_id = excluded.actor_id, reason = excluded.reason, expires_at = excluded.expires_at,
    created_at = excluded.created_at
  returning b.* into v_ban;
  if p_hide_messages_since is not null then
    insert into private.hidden_messages (community_id, author_id, since, until)
    -- No message is older, and every client can read the time.
    values (p_community_id, p_user_id, greatest(p_hide_messages_since, 'epoch'), v_now);
  end if;
  -- Nobody comes in any more by the codes of who is banned.
  delete from public.invites i where i.community_id = p_community_id and i.creator_id = p_user_id;

  v_was_member := private.remove_member(p_community_id, p_user_id, 'banned');
  if not v_was_member then
    perform private.announce(
      p_community_id, 'member_banned', pg_catalog.jsonb_build_object('user_id', p_user_id)
    );
  end if;
  perform private.write_audit(
    p_community_id, 'member_banned', p_user_id::text,
    pg_catalog.jsonb_build_object('was_member', v_was_member),
    pg_catalog.jsonb_build_object('expires_at', p_expires_at, 'hide_messages_since', p_hide_messages_since),
    p_reason
  );
  return v_ban;
end
$$;

revoke all on function private.write_ban(uuid, uuid, text, timestamptz, timestamptz) from public, anon, authenticated, service_role;
