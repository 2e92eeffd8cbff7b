-- reaction: who reacted.
create type public.reaction as (
  user_id uuid,
  username text,
  display_name text,
  reacted_at timestamptz
);

comment on type public.reaction is $$Who reacted to a message.
@not_null user_id, reacted_at$$;
comment on column public.reaction.username is 'Null for who is no member any more.';
comment on column public.reaction.display_name is 'The name in this community; null for who is no member any more.';

-- list_reactions: Gate: read_history.
create function private.list_reactions(
  p_channel_id uuid,
  p_seq bigint,
  p_emoji text,
  p_after_user_id uuid,
  p_limit integer
)
returns setof public.reaction
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_channel(p_channel_id, 'read_history');
  perform private.require_limit(p_limit, 100);
  perform private.require_message(p_channel_id, p_seq);

  return query
  -- What former members are called by now is not for those they have left.
  select
    r.user_id, case when m.user_id is not null then p.username end,
    case when m.user_id is not null then coalesce(m.nickname, p.display_name) end, r.reacted_at
  from (
    select k.*
    from private.reactions k
    where k.channel_id = p_channel_id and k.seq = p_seq and k.emoji = p_emoji
      and (p_after_user_id is null or k.user_id > p_after_user_id)
    order by k.user_id
    limit p_limit
  ) r
  join private.channel_heads c on c.channel_id = p_channel_id
  left join public.profiles p on p.id = r.user_id
  left join public.community_members m on m.community_id = c.community_id and m.user_id = r.user_id
  order by r.user_id;
end
$$;

revoke all on function private.list_reactions(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_reactions(uuid, bigint, text, uuid, integer) to authenticated;

create function public.list_reactions(
  p_channel_id uuid,
  p_seq bigint,
  p_emoji text,
  p_after_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.reaction
language sql stable security invoker set search_path = ''
as $$ select * from private.list_reactions(p_channel_id, p_seq, p_emoji, p_after_user_id, p_limit); $$;

comment on function public.list_reactions(uuid, bigint, text, uuid, integer) is
$$Returns a page of those who reacted to a message with one emoji, by `user_id`. Needs `read_history`.
@param p_after_user_id go on after the last of the page before
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_reactions(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_reactions(uuid, bigint, text, uuid, integer) to authenticated;
