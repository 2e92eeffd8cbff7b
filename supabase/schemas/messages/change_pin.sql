-- change_pin: pinning and unpinning, after the gate. A pin is told in the channel, as Discord does; taking it away is not.
create function private.change_pin(p_channel_id uuid, p_seq bigint, p_is_pinned boolean)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_message public.messages := private.require_message(p_channel_id, p_seq);
begin
  if (v_message.pinned_at is not null) = p_is_pinned then
    return;
  end if;
  if v_message.kind <> 'text' then
    perform private.fail(
      'invalid_argument', 'Only what somebody wrote is pinned.', 422, pg_catalog.jsonb_build_object('field', 'p_seq')
    );
  end if;
  if p_is_pinned and (
    select pg_catalog.count(*) from public.messages m where m.channel_id = p_channel_id and m.pinned_at is not null
  ) >= 50 then
    perform private.fail('limit_reached', 'A channel has at most 50 pinned messages.', 409);
  end if;
  perform private.take_token('message_pin', v_user_id::text);

  update public.messages m
  set
    pinned_at = case when p_is_pinned then pg_catalog.clock_timestamp() end,
    revision = private.next_revision(p_channel_id)
  where m.channel_id = p_channel_id and m.seq = p_seq
  returning m.* into v_message;
  perform private.tell_change(case when p_is_pinned then 'pinned' else 'unpinned' end, v_message);
  if p_is_pinned then
    perform private.write_message(p_channel_id, 'message_pinned', v_user_id, '', p_seq);
  end if;
  perform private.write_audit(
    c.community_id, case when p_is_pinned then 'message_pinned' else 'message_unpinned' end, p_channel_id::text,
    p_after => pg_catalog.jsonb_build_object('seq', p_seq, 'author_id', v_message.author_id)
  )
  from private.channel_heads c
  -- Where there is no community there is no log.
  where c.channel_id = p_channel_id and c.community_id <> p_channel_id;
end
$$;

revoke all on function private.change_pin(uuid, bigint, boolean) from public, anon, authenticated, service_role;
