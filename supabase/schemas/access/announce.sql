-- announce: the one broadcast of a change, to the community's members. Channels that somebody does not receive any more
-- get new topic names first; the event names them, so that those who stay join again and nobody else does anything.
-- However many members there are, it is one row. It carries ids only: not every member may see what they stand for.
create function private.announce(
  p_community_id uuid,
  p_event text,
  p_payload jsonb default '{}',
  p_lost_channel_ids uuid[] default '{}'
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_moved uuid[] := array(select distinct l.id from pg_catalog.unnest(p_lost_channel_ids) as l (id) order by l.id);
begin
  update public.channels c
  set topic_epoch = c.topic_epoch + 1
  where c.community_id = p_community_id and c.id = any (v_moved);

  perform private.broadcast(
    private.community_topic(p_community_id), p_event,
    p_payload || pg_catalog.jsonb_build_object('community_id', p_community_id, 'moved', pg_catalog.to_jsonb(v_moved))
  );
end
$$;

revoke all on function private.announce(uuid, text, jsonb, uuid[]) from public, anon, authenticated, service_role;
