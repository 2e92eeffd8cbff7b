-- unread_channel: what of a channel a member has not read.
create type public.unread_channel as (
  community_id uuid,
  channel_id uuid,
  parent_id uuid,
  last_seq bigint,
  first_unread_seq bigint,
  unread bigint,
  mentions integer
);

comment on type public.unread_channel is $$What of a channel or thread the caller has not read.
@not_null channel_id, last_seq, first_unread_seq, unread, mentions$$;
comment on column public.unread_channel.community_id is 'Its community; null: it is a direct channel.';
comment on column public.unread_channel.parent_id is 'The channel that it is a thread of; null: it is none.';
comment on column public.unread_channel.last_seq is 'The number of the newest message.';
comment on column public.unread_channel.first_unread_seq is 'The number after the last one read.';
comment on column public.unread_channel.unread is 'How many numbers there are from there on: last_seq - last read. Deleted messages keep theirs, so they count.';
comment on column public.unread_channel.mentions is 'How many of them mention the caller, a role held or everyone; at most 100 are counted.';

-- list_unread: Gate: membership; only channels that the caller views, and the open threads that the caller follows and may
-- read. A subtraction for each channel and no count of messages.
create function private.list_unread(p_community_id uuid)
returns setof public.unread_channel
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
begin
  if p_community_id is null then
    perform private.require_user();
  else
    perform private.require_in_community(p_community_id);
  end if;

  return query
  with mine as materialized (
    select m.community_id, private.mention_subjects(m.community_id, v_user_id) as subject_ids
    from public.community_members m
    where m.user_id = v_user_id and (p_community_id is null or m.community_id = p_community_id)
  )
  select
    h.community_id, h.channel_id, h.parent_id, h.last_seq, coalesce(r.last_read_seq, 0) + 1, h.last_seq - coalesce(r.last_read_seq, 0),
    case when h.last_mention_seq <= coalesce(r.last_read_seq, 0) then 0 else (
      select least(pg_catalog.count(distinct w.seq), 100)::integer
      from pg_catalog.unnest(mine.subject_ids) as s (id)
      -- From the last number read on, for each of them: as one set the planner would read all mentions there are.
      cross join lateral (
        select n.seq
        from private.message_mentions n
        where n.channel_id = h.channel_id and n.subject_id = s.id and n.seq > coalesce(r.last_read_seq, 0)
        order by n.seq
        limit 100
      ) w
    ) end
  from (
    select v.id from pg_catalog.unnest(private.my_channel_ids('view_channel')) as v (id)
    union all
    select t.id
    from mine
    join private.thread_members f on f.community_id = mine.community_id and f.user_id = v_user_id
    join private.threads t on t.id = f.thread_id and t.archived_at is null
    where t.channel_id = any (private.my_channel_ids('view_channel', 'read_history'))
  ) c
  join private.channel_heads h on h.channel_id = c.id
  join mine on mine.community_id = h.community_id
  left join private.channel_reads r
    on r.community_id = h.community_id and r.user_id = v_user_id and r.channel_id = h.channel_id
  where h.last_seq > coalesce(r.last_read_seq, 0)
  order by h.community_id, h.channel_id;

  if p_community_id is null then
    return query
    select
      null::uuid, h.channel_id, null::uuid, h.last_seq, d.last_read_seq + 1, h.last_seq - d.last_read_seq,
      case when h.last_mention_seq <= d.last_read_seq then 0 else (
        select pg_catalog.count(*)::integer
        from (
          select from private.message_mentions n
          where n.channel_id = h.channel_id and n.subject_id = v_user_id and n.seq > d.last_read_seq
          limit 100
        ) w
      ) end
    from private.shown_direct_channels(v_user_id) d
    join private.channel_heads h on h.channel_id = d.channel_id
    where h.last_seq > d.last_read_seq
    order by h.channel_id;
  end if;
end
$$;

revoke all on function private.list_unread(uuid) from public, anon, authenticated, service_role;
grant execute on function private.list_unread(uuid) to authenticated;

create function public.list_unread(p_community_id uuid default null)
returns setof public.unread_channel
language sql stable security invoker set search_path = ''
as $$ select * from private.list_unread(p_community_id); $$;

comment on function public.list_unread(uuid) is
$$Returns the channels, and of their threads the open ones that the caller follows, with messages that the caller has not
read, and how many.
@param p_community_id only in this community; left out: in all of the caller's, and in direct channels
@errors session_required, not_found$$;

revoke all on function public.list_unread(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_unread(uuid) to authenticated;
