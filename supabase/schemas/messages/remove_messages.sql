-- remove_messages: what deleting one message and deleting many have in common, after the gate. What is left of each is a
-- tombstone, and together they are one change of the channel. Who deletes what others wrote stands in the log; not so what an
-- account takes along as it ends.
create function private.remove_messages(p_channel_id uuid, p_seqs bigint[], p_reason text, p_is_logged boolean default true)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid := (select h.community_id from private.channel_heads h where h.channel_id = p_channel_id);
  v_revision bigint;
  v_seqs bigint[];
  v_others jsonb;
begin
  with gone as (
    delete from public.messages m
    where m.channel_id = p_channel_id and m.seq = any (p_seqs)
    returning m.*
  ), kept as (
    insert into private.tombstones (channel_id, seq, author_id, client_nonce)
    select g.channel_id, g.seq, g.author_id, g.client_nonce from gone g
  )
  select
    pg_catalog.array_agg(g.seq order by g.seq),
    pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object('seq', g.seq, 'author_id', g.author_id) order by g.seq)
    filter (where g.author_id is distinct from (select auth.uid()))
  into v_seqs, v_others
  from gone g;
  if v_seqs is null then
    return;
  end if;

  v_revision := private.next_revision(p_channel_id);
  insert into private.channel_events (channel_id, revision, kind, seq, seqs)
  values (p_channel_id, v_revision, 'deleted', v_seqs[1], v_seqs);
  perform private.broadcast(
    private.channel_topic(p_channel_id), 'message_deleted',
    pg_catalog.jsonb_build_object('revision', v_revision, 'kind', 'deleted', 'seq', v_seqs[1], 'seqs', v_seqs, 'message', null)
  );
  if v_others is not null and p_is_logged then
    perform private.write_audit(
      v_community_id, 'messages_deleted', p_channel_id::text, pg_catalog.jsonb_build_object('messages', v_others),
      p_reason => p_reason
    );
  end if;
end
$$;

revoke all on function private.remove_messages(uuid, bigint[], text, boolean) from public, anon, authenticated, service_role;
