-- find_messages: the newest messages of these channels that a search finds, in the order of a page of it. The channels are the
-- caller's to read; what bans hide is left out here.
--
-- First the newest few hundred messages are tried one by one: of a common word they fill the page, and the index would give
-- half the community to be sorted. What they do not fill the index does, from two months to a year and all the years: the more seldom
-- a word, the further it has to look, and the less it finds there.
--
-- Of very many channels, which threads may be, only those where something was written last can have the newest: the others end
-- before the first of them that is left out.
--
-- p_lexemes: what the index is asked for; null: there is nothing to ask it.
create function private.find_messages(
  p_community_id uuid,
  p_channel_ids uuid[],
  p_lexemes tsquery,
  p_search private.message_search,
  p_before_created_at timestamptz,
  p_before_channel_id uuid,
  p_before_seq bigint,
  p_limit integer
)
returns setof public.messages
-- stable: all its statements see the same messages.
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_has text[] := coalesce(p_search.has, '{}');
  v_since timestamptz := coalesce(p_search.since, '-infinity');
  -- Both are included. A timestamp has microseconds.
  v_until timestamptz := least(p_search.until - interval '1 microsecond', p_before_created_at, 'infinity');
  v_channels integer := pg_catalog.cardinality(p_channel_ids);
  v_tried constant integer := 200;
  v_newest_ids uuid[] := p_channel_ids;
  v_left_out_at timestamptz;
  v_depth integer;
  v_edge timestamptz;
  v_scoped tsquery := p_lexemes;
  v_asked tsquery;
  v_period integer;
  v_next timestamptz;
  v_ways text[];
  v_way text;
  v_rows integer;
  v_left integer := p_limit;
begin
  if 'pin' = any (v_has) then
    v_ways := '{pins}';
  elsif p_lexemes is null and not 'reaction' = any (v_has) then
    v_ways := '{all}';
  else
    -- Where the newest end that are tried. Of each channel so many are looked at that together they stay a few thousand.
    v_ways := '{newest}';
    if v_channels > 400 then
      select (pg_catalog.array_agg(h.channel_id order by h.place))[:400], pg_catalog.max(h.last_message_at) filter (where h.place = 401)
      into v_newest_ids, v_left_out_at
      from (
        select d.channel_id, d.last_message_at, pg_catalog.row_number() over (order by d.last_message_at desc) as place
        from private.channel_heads d
        where d.channel_id = any (p_channel_ids) and d.last_message_at is not null
        order by d.last_message_at desc
        limit 401
      ) h;
      -- Never later than what is asked for: the index goes on from there.
      if v_left_out_at > v_until then
        v_left_out_at := v_until;
      end if;
    end if;
    v_depth := greatest(least(v_tried, 4000 / v_channels), 10);
    with newest as materialized (
      select n.created_at, n.place
      from pg_catalog.unnest(v_newest_ids) as c (id)
      cross join lateral (
        select m.created_at, pg_catalog.row_number() over (order by m.created_at desc) as place
        from public.messages m
        where m.channel_id = c.id and m.kind = 'text' and m.created_at between v_since and v_until
        order by m.created_at desc
        limit v_depth
      ) n
    )
    select greatest(
      v_left_out_at,
      (select pg_catalog.max(n.created_at) from newest n where n.place = v_depth),
      (select n.created_at from newest n order by n.created_at desc offset v_tried limit 1)
    ) into v_edge;
    if v_edge is not null then
      v_ways := v_ways || case when p_lexemes is null then '{reactions}'::text[] else '{months,year,ever}' end;
    end if;
    -- Of few channels the index reads nothing but what is theirs. Of many it is faster to pass over what is not.
    if v_channels <= 20 then
      v_scoped := p_lexemes && (select pg_catalog.string_agg('''C' || c.id || '''', '|') from pg_catalog.unnest(p_channel_ids) as c (id))::tsquery;
    end if;
  end if;

  foreach v_way in array v_ways loop
    v_next := v_edge;
    v_asked := v_scoped;
    if v_way in ('months', 'year') then
      -- No more than a few of them, of which the index is asked one by one.
      v_period := private.search_period(v_until) - case v_way when 'months' then 1 else 11 end;
      v_asked := v_asked && (
        select pg_catalog.string_agg('''T' || p.number || '''', '|')
        from pg_catalog.generate_series(v_period, private.search_period(v_until)) as p (number)
      )::tsquery;
      v_next := pg_catalog.to_timestamp(v_period * 2592000::double precision) - interval '1 microsecond';
    end if;

    -- Only one of them runs. `offset 0` keeps the conditions below out of it, which have indexes, too, that would read more.
    return query
    select f.*
    from (
      (
        select m.* from public.messages m
        where v_way in ('months', 'year', 'ever') and m.kind = 'text'
          and private.message_lexemes(m.channel_id, m.author_id, m.body, m.reply_to_seq, m.mentions, m.attachments, m.created_at) @@ v_asked
        offset 0
      )
      union all
      (
        select m.* from (
          select n.* from public.messages n
          where v_way = 'newest' and n.channel_id = any (v_newest_ids) and n.kind = 'text'
            and n.created_at >= v_since and n.created_at <= v_until and (v_edge is null or n.created_at > v_edge)
          offset 0
        ) m
        where p_lexemes is null
          or private.message_lexemes(m.channel_id, m.author_id, m.body, m.reply_to_seq, m.mentions, m.attachments, m.created_at) @@ p_lexemes
      )
      union all
      (
        select m.* from (
          select n.* from public.messages n
          where v_way = 'pins' and n.channel_id = any (p_channel_ids) and n.pinned_at is not null and n.kind = 'text'
          offset 0
        ) m
        where p_lexemes is null
          or private.message_lexemes(m.channel_id, m.author_id, m.body, m.reply_to_seq, m.mentions, m.attachments, m.created_at) @@ p_lexemes
      )
      union all
      (
        select m.*
        from (
          select distinct r.channel_id, r.seq from private.reactions r
          where v_way = 'reactions' and r.channel_id = any (p_channel_ids)
        ) r
        -- One by one: as a set the planner would read all messages there are.
        cross join lateral (
          select n.* from public.messages n
          where n.channel_id = r.channel_id and n.seq = r.seq and n.kind = 'text'
          offset 0
        ) m
        offset 0
      )
      union all
      (
        select m.*
        from pg_catalog.unnest(p_channel_ids) as c (id)
        cross join lateral (
          select n.* from public.messages n
          where v_way = 'all' and n.channel_id = c.id and n.kind = 'text'
            and n.created_at >= v_since and n.created_at <= v_until
            and (p_before_seq is null or (n.created_at, n.channel_id, n.seq) < (p_before_created_at, p_before_channel_id, p_before_seq))
            and (n.author_id is null or not exists (
              select from private.hidden_messages h
              where h.community_id = p_community_id and h.author_id = n.author_id and n.created_at between h.since and h.until
            ))
          order by n.created_at desc, n.seq desc
          limit v_left
        ) m
        offset 0
      )
    ) f
    where f.channel_id in (select c.id from pg_catalog.unnest(p_channel_ids) as c (id))
      and f.created_at >= v_since and f.created_at <= v_until
      and (p_before_seq is null or (f.created_at, f.channel_id, f.seq) < (p_before_created_at, p_before_channel_id, p_before_seq))
      and (f.pinned_at is not null or not 'pin' = any (v_has))
      and (f.reactions <> '[]' or not 'reaction' = any (v_has))
      -- What it had may have expired.
      and (not 'attachment' = any (v_has) or private.shown_attachments(f.seq, f.attachments) <> '[]')
      and (f.author_id is null or not exists (
        select from private.hidden_messages h
        where h.community_id = p_community_id and h.author_id = f.author_id and f.created_at between h.since and h.until
      ))
    order by f.created_at desc, f.channel_id desc, f.seq desc
    limit v_left;

    get diagnostics v_rows = row_count;
    v_left := v_left - v_rows;
    exit when v_left = 0 or v_next < v_since;
    v_until := v_next;
  end loop;
end
$$;

revoke all on function private.find_messages(
  uuid, uuid[], tsquery, private.message_search, timestamptz, uuid, bigint, integer
) from public, anon, authenticated, service_role;
