-- message_evidence: a message as readers of its channel see it at this moment, with what it said before, whose it is, where it stands,
-- and up to 5 messages before and after it. Stable, so that all of it is of one moment. The caller has asked the gate.
-- A channel that is neither a community's nor a thread belongs to no community: it is shown by its id alone.
create function private.message_evidence(p_channel_id uuid, p_seq bigint)
returns jsonb
-- In UTC: it writes times out as text, and a caller may have chosen any zone.
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
declare
  v_message public.messages := private.require_message(p_channel_id, p_seq);
  v_thread private.threads;
  v_channel public.channels;
begin
  select t.* into v_thread from private.threads t where t.id = p_channel_id;
  select c.* into v_channel from public.channels c where c.id = coalesce(v_thread.channel_id, p_channel_id);

  return pg_catalog.jsonb_build_object(
    'taken_at', pg_catalog.clock_timestamp(),
    'community', (
      select pg_catalog.jsonb_build_object('id', c.id, 'name', c.name)
      from public.communities c where c.id = v_channel.community_id
    ),
    'channel', pg_catalog.jsonb_build_object('id', coalesce(v_thread.channel_id, p_channel_id), 'name', v_channel.name),
    'thread', case when v_thread.id is not null then pg_catalog.jsonb_build_object('id', v_thread.id, 'name', v_thread.name) end,
    'author', private.person_evidence(v_message.author_id),
    'message', private.row_evidence(v_message),
    'edits', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object('revision', e.revision, 'body', e.body, 'edited_at', e.edited_at) order by e.revision
        ),
        '[]'
      )
      from (
        select s.* from private.message_edits s
        where s.channel_id = p_channel_id and s.seq = p_seq
        order by s.revision desc
        limit 20
      ) e
    ),
    'around', (
      select coalesce(pg_catalog.jsonb_agg(private.row_evidence(s.m) order by (s.m).seq), '[]')
      from (
        select b as m from private.messages_up_to(p_channel_id, p_seq - 1, 5) b
        union all
        select a as m from private.messages_after(p_channel_id, p_seq, 5) a
      ) s
    )
  );
end
$$;

revoke all on function private.message_evidence(uuid, bigint) from public, anon, authenticated, service_role;
