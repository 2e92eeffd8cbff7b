-- search_messages: Gate: membership (without a community: one's own direct channels), and read_history in the channel where one is named. Limits: message_search per user. Finds only
-- in channels that the caller views and may read. The page goes on by values and not by a row, which may be gone by then.
create function private.search_messages(
  p_query text,
  p_community_id uuid,
  p_channel_id uuid,
  p_before_created_at timestamptz,
  p_before_channel_id uuid,
  p_before_seq bigint,
  p_limit integer
)
returns setof public.described_message
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_search private.message_search;
  v_channel_ids uuid[];
  v_author_ids uuid[];
  v_filter tsquery;
  v_lexemes tsquery;
begin
  if p_community_id is null then
    perform private.require_user();
  else
    perform private.require_in_community(p_community_id);
  end if;
  if p_channel_id is not null then
    perform private.require_in_channel(p_channel_id, 'read_history');
    if not exists (
      select from private.channel_heads h
      where h.community_id = coalesce(p_community_id, p_channel_id) and h.channel_id = p_channel_id
    ) then
      perform private.fail(
        'not_found', 'There is no such channel.', 404, pg_catalog.jsonb_build_object('field', 'p_channel_id')
      );
    end if;
  end if;
  perform private.require_limit(p_limit, 100);
  if pg_catalog.num_nonnulls(p_before_created_at, p_before_channel_id, p_before_seq) not in (0, 3) then
    perform private.fail(
      'invalid_argument', 'To go on after a message, give its time, its channel and its number.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_seq')
    );
  end if;
  v_search := private.parse_message_search(p_query);

  -- By name only members: what former members are called by now is not for those they have left.
  v_author_ids := v_search.author_ids || array(
    select m.user_id
    from public.profiles p
    join public.community_members m on m.community_id = p_community_id and m.user_id = p.id
    where p.username = any (v_search.usernames)
    union all
    select distinct p.id
    from public.profiles p
    join private.direct_members o on o.user_id = p.id
    join private.shown_direct_channels((select auth.uid())) d on d.channel_id = o.channel_id
    where p.username = any (v_search.usernames) and p_community_id is null
  );
  v_lexemes := v_search.words;
  v_filter := (select pg_catalog.string_agg('''A' || a.id || '''', '|') from pg_catalog.unnest(v_author_ids) as a (id))::tsquery;
  v_lexemes := coalesce(v_lexemes && v_filter, v_lexemes, v_filter);
  v_filter := (
    select pg_catalog.string_agg('''H' || h.name || '''', '&')
    from pg_catalog.unnest(v_search.has) as h (name)
    where h.name in ('attachment', 'link', 'mention', 'reply')
  )::tsquery;
  v_lexemes := coalesce(v_lexemes && v_filter, v_lexemes, v_filter);
  if pg_catalog.querytree(v_lexemes) = 'T' then
    perform private.fail(
      'invalid_argument', 'Search for something beside what is not to be there.', 422,
      pg_catalog.jsonb_build_object('field', 'p_query')
    );
  end if;
  perform private.take_token('message_search', (select auth.uid())::text);

  -- A channel, with its threads as far as the caller sees them; or one of these alone.
  v_channel_ids := array(
    with channel as materialized (
      select
        c.id, v_search.channels is null or c.id::text = any (v_search.channels) or pg_catalog.lower(c.name) = any (v_search.channels) as is_meant,
        private.channel_permissions(c.id, true) & private.permission_mask('manage_threads') <> 0 as sees_private
      from public.channels c
      where c.community_id = p_community_id
        and c.id = any ((select private.my_channel_ids('view_channel', 'read_history'))::uuid[])
    )
    select c.id from channel c where c.is_meant and (p_channel_id is null or c.id = p_channel_id)
    union all
    select t.id
    from channel c
    join private.threads t on t.community_id = p_community_id and t.channel_id = c.id
    where (c.is_meant or t.id::text = any (v_search.channels) or pg_catalog.lower(t.name) = any (v_search.channels))
      and (p_channel_id is null or t.channel_id = p_channel_id or t.id = p_channel_id)
      and (t.kind = 'public' or c.sees_private or exists (
        select from private.thread_members m where m.thread_id = t.id and m.user_id = (select auth.uid())
      ))
    union all
    select d.channel_id
    from private.shown_direct_channels((select auth.uid())) d
    where p_community_id is null and (p_channel_id is null or d.channel_id = p_channel_id)
      and (v_search.channels is null or d.channel_id::text = any (v_search.channels))
  );
  if v_channel_ids = '{}' or v_author_ids = '{}' and v_search.usernames is not null then
    return;
  end if;

  return query
  select d.*
  from private.described_messages(array(
    select m
    from private.find_messages(
      p_community_id, v_channel_ids, v_lexemes, v_search, p_before_created_at, p_before_channel_id, p_before_seq, p_limit
    ) m
    order by m.created_at desc, m.channel_id desc, m.seq desc
  )) d;
end
$$;

revoke all on function private.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function private.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) to authenticated;

-- The timeout bounds what the rarest kind of search may cost: a word that was common once, long ago, in a very long history.
create function public.search_messages(
  p_query text,
  p_community_id uuid,
  p_channel_id uuid default null,
  p_before_created_at timestamptz default null,
  p_before_channel_id uuid default null,
  p_before_seq bigint default null,
  p_limit integer default 25
)
returns setof public.described_message
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select * from private.search_messages(p_query, p_community_id, p_channel_id, p_before_created_at, p_before_channel_id, p_before_seq, p_limit); $$;

comment on function public.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) is
$$Returns the messages of a community that a search finds, the newest first, of the channels and threads that the caller views and may
read. A page
with fewer than `p_limit` is the last. What the server writes, joins and renames, is not found.
@param p_query words that a message has all of, whole and in whatever case; "several words" in this order, `or` between two, `-` before one
that it has not. And filters: `from:` a user's id or a member's username; `in:` the id or name of a channel, its threads included, or of a thread, in quotes where it has spaces; `has:`
attachment, link, mention, pin, reaction or reply; `before:` and `after:` a day, as 2026-12-31, which is itself left out, in UTC. Several `from:`
or `in:` find any of them, all else is needed together. A filter that names nobody or no channel to be read finds nothing; one that
is malformed is refused, and so is a search for nothing, or only for what is not there. Up to 500 characters
@param p_community_id {string | null} where to search; null: in the caller's direct channels
@param p_channel_id only in this channel and its threads, or in this thread; needs `read_history` there
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_channel_id and its `channel_id`
@param p_before_seq and its `seq`; all three or none
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, invalid_argument, rate_limited$$;

revoke all on function public.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.search_messages(text, uuid, uuid, timestamptz, uuid, bigint, integer) to authenticated;
