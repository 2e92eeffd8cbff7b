-- sync_channel: what changed since a revision, in order, without a gap; or `resync` when the feed no longer reaches back.
-- Gate: view_channel. Who may not read the history gets the changes without the messages.
-- Head and feed are read in one snapshot: what commits later is above the head and comes with the next call.
create function private.sync_channel(p_channel_id uuid, p_after_revision bigint, p_limit integer)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_permissions bigint := private.require_in_channel(p_channel_id, 'view_channel');
  v_may_read boolean := v_permissions & private.permission_mask('read_history') <> 0;
  v_head private.channel_heads;
  v_changes jsonb;
  v_last bigint;
  v_is_gap_free boolean;
begin
  perform private.require_limit(p_limit, 500);

  select h.* into v_head from private.channel_heads h where h.channel_id = p_channel_id;

  if p_after_revision < v_head.revision then
    with e as materialized (
      select f.* from private.channel_events f
      where f.channel_id = p_channel_id and f.revision > p_after_revision and f.revision <= v_head.revision
      order by f.revision
      limit p_limit
    ), m as materialized (
      select d.*
      from private.described_messages(array(
        select k from public.messages k
        where k.channel_id = p_channel_id and k.seq = any (array(select e.seq from e)) and v_may_read
          and not private.is_hidden(k.channel_id, k.author_id, k.created_at)
      )) d
    )
    select
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object(
          'revision', e.revision, 'kind', e.kind, 'seq', e.seq, 'at', e.at,
          'message', case when m.seq is not null and e.kind <> 'anonymised' then pg_catalog.to_jsonb(m) end
        ) || case when e.seqs is null then '{}' else pg_catalog.jsonb_build_object('seqs', e.seqs) end
        order by e.revision
      ),
      pg_catalog.max(e.revision),
      -- No row missing before the first nor between them. (Never p_after_revision + 1: that may be past the greatest bigint.)
      pg_catalog.min(e.revision) - 1 = p_after_revision
        and pg_catalog.max(e.revision) - pg_catalog.min(e.revision) + 1 = pg_catalog.count(*)
    into v_changes, v_last, v_is_gap_free
    from e
    left join m on m.seq = e.seq;
  end if;

  return pg_catalog.jsonb_build_object(
    'topic', private.channel_topic(p_channel_id),
    'community_topic', private.community_topic(v_head.community_id),
    'parent_id', v_head.parent_id,
    'user_id', (select auth.uid()),
    'revision', v_head.revision,
    'last_seq', v_head.last_seq,
    -- A revision from the future, or a feed that has not all of what came since.
    'resync', coalesce(
      p_after_revision > v_head.revision
      or (p_after_revision < v_head.revision and v_is_gap_free is not true),
      false
    ),
    'has_more', coalesce(v_is_gap_free and v_last < v_head.revision, false),
    'changes', case when v_is_gap_free then v_changes else '[]'::jsonb end,
    -- For as long as the feed reaches back: who comes later reads a fresh page.
    'hidden', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('author_id', h.author_id, 'since', h.since, 'until', h.until) order by h.until
        ),
        '[]'
      )
      from private.hidden_messages h
      where h.community_id = v_head.community_id and h.until > pg_catalog.now() - interval '72 hours'
    )
  );
end
$$;

revoke all on function private.sync_channel(uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function private.sync_channel(uuid, bigint, integer) to authenticated;

create function public.sync_channel(
  p_channel_id uuid,
  p_after_revision bigint default null,
  p_limit integer default 100
)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.sync_channel(p_channel_id, p_after_revision, p_limit); $$;

comment on function public.sync_channel(uuid, bigint, integer) is
$$Returns where a channel stands, and what changed in it since a revision: ascending, without a gap. Needs `view_channel`.
`community_topic` is null for a direct channel. `resync` true means that the feed (at least 72 hours) no longer reaches back to that revision: read a fresh page with
`list_messages` and go on from `revision`. `hidden` are the messages that bans have hidden meanwhile: those of an author
between two times, both included; whoever shows them stops. A change's `message` is as it is now, and null without
`read_history`, where it is hidden, and where it is gone; `seqs` are all numbers of a deletion, or, of kind
`anonymised`, where `message` is always null, of messages that have no author and no name any more.
@param p_after_revision the last revision the caller knows; left out: only where the channel stands
@param p_limit 1 to 500 changes
@errors session_required, not_found, invalid_argument
@returns {{ topic: string; community_topic: string | null; parent_id: string | null; user_id: string; revision: number; last_seq: number; resync: boolean; has_more: boolean; changes: { revision: number; kind: 'created' | 'edited' | 'deleted' | 'reacted' | 'pinned' | 'unpinned' | 'threaded' | 'previewed' | 'anonymised'; seq: number; seqs?: number[]; at: string; message: DescribedMessage | null }[]; hidden: { author_id: string; since: string; until: string }[] }}$$;

revoke all on function public.sync_channel(uuid, bigint, integer) from public, anon, authenticated, service_role;
grant execute on function public.sync_channel(uuid, bigint, integer) to authenticated;
