-- direct_permissions: the caller's mask in a direct channel; null where there is no such channel, or it is not theirs to see. Nobody
-- manages others' messages there.
-- Of two people, one writes as long as the other takes it (see may_write_directly) or has opened the conversation: whoever begins one
-- is answered. What was said stays to be read.
-- Whoever has blocked the other does not see the channel; whoever is blocked sees no difference.
create function private.direct_permissions(p_channel_id uuid)
returns bigint
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_channel record;
  v_other_id uuid;
begin
  select d.kind, d.low_id, d.high_id, d.opener_id, m as member
  into v_channel
  from private.direct_members m
  join private.direct_channels d on d.id = m.channel_id
  where m.channel_id = p_channel_id and m.user_id = v_user_id;
  if not found or private.hides_direct_channel(v_channel.member) then
    return null;
  end if;

  if v_channel.kind = 'pair' then
    v_other_id := case when v_channel.low_id = v_user_id then v_channel.high_id else v_channel.low_id end;
    if v_other_id is null or v_channel.opener_id is distinct from v_other_id and not private.may_write_directly(v_user_id, v_other_id) then
      return private.permission_mask('view_channel', 'read_history');
    end if;
  end if;
  return private.permission_mask(
    'view_channel', 'read_history', 'send_messages', 'attach_files', 'embed_links', 'add_reactions', 'pin_messages'
  );
end
$$;

revoke all on function private.direct_permissions(uuid) from public, anon, authenticated, service_role;
