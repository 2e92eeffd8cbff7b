-- change_reaction: adding and removing one's own reaction, after the gate: the row of who reacted, the count in the message's row, and
-- one change of the channel. Says nothing where nothing changes, so a retry is safe.
create function private.change_reaction(p_channel_id uuid, p_seq bigint, p_emoji text, p_is_added boolean)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_message public.messages := private.require_message(p_channel_id, p_seq);
  v_reactions jsonb;
begin
  if p_is_added = exists (
    select from private.reactions r
    where r.channel_id = p_channel_id and r.seq = p_seq and r.emoji = p_emoji and r.user_id = v_user_id
  ) then
    return;
  end if;
  perform private.take_token('reaction', v_user_id::text);

  if p_is_added then
    insert into private.reactions (channel_id, seq, emoji, user_id) values (p_channel_id, p_seq, p_emoji, v_user_id);
  else
    delete from private.reactions r
    where r.channel_id = p_channel_id and r.seq = p_seq and r.emoji = p_emoji and r.user_id = v_user_id;
  end if;
  select coalesce(
    pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('emoji', c.emoji, 'count', c.count) order by c.place), '[]'
  ) into v_reactions
  from (
    select k.emoji, pg_catalog.sum(k.count) as count, pg_catalog.min(k.place) as place
    from (
      select e.item ->> 'emoji' as emoji, (e.item ->> 'count')::bigint as count, e.place
      from pg_catalog.jsonb_array_elements(v_message.reactions) with ordinality as e (item, place)
      union all
      select p_emoji, case when p_is_added then 1 else -1 end, 21
    ) k
    group by k.emoji
  ) c
  where c.count > 0;
  if pg_catalog.jsonb_array_length(v_reactions) > 20 then
    perform private.fail('limit_reached', 'A message has at most 20 different reactions.', 409);
  end if;

  update public.messages m
  set reactions = v_reactions, revision = private.next_revision(p_channel_id)
  where m.channel_id = p_channel_id and m.seq = p_seq
  returning m.* into v_message;
  perform private.tell_change(
    'reacted', v_message,
    pg_catalog.jsonb_build_object(
      'reaction', pg_catalog.jsonb_build_object('emoji', p_emoji, 'user_id', v_user_id, 'is_added', p_is_added)
    )
  );
end
$$;

revoke all on function private.change_reaction(uuid, bigint, text, boolean) from public, anon, authenticated, service_role;
