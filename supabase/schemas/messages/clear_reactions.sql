-- clear_reactions: Gate: manage_messages. Limits: reaction per user.
create function private.clear_reactions(p_channel_id uuid, p_seq bigint, p_emoji text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_message public.messages;
begin
  perform private.begin_message_change(p_channel_id, 'manage_messages');
  v_message := private.require_message(p_channel_id, p_seq);
  perform private.take_token('reaction', (select auth.uid())::text);
  delete from private.reactions r
  where r.channel_id = p_channel_id and r.seq = p_seq and (p_emoji is null or r.emoji = p_emoji);
  if not found then
    return;
  end if;

  update public.messages m
  set
    revision = private.next_revision(p_channel_id),
    reactions = (
      select coalesce(pg_catalog.jsonb_agg(e.item order by e.place), '[]')
      from pg_catalog.jsonb_array_elements(m.reactions) with ordinality as e (item, place)
      where p_emoji is not null and e.item ->> 'emoji' <> p_emoji
    )
  where m.channel_id = p_channel_id and m.seq = p_seq
  returning m.* into v_message;
  perform private.tell_change('reacted', v_message);
end
$$;

revoke all on function private.clear_reactions(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function private.clear_reactions(uuid, bigint, text) to authenticated;

create function public.clear_reactions(p_channel_id uuid, p_seq bigint, p_emoji text default null)
returns void
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.clear_reactions(p_channel_id, p_seq, p_emoji); $$;

comment on function public.clear_reactions(uuid, bigint, text) is
$$Takes everybody's reactions from a message. Needs `manage_messages`.
@param p_emoji only those with this one; left out: all of them
@errors session_required, not_found, missing_permission, timed_out, rate_limited
@idempotent$$;

revoke all on function public.clear_reactions(uuid, bigint, text) from public, anon, authenticated, service_role;
grant execute on function public.clear_reactions(uuid, bigint, text) to authenticated;
