-- raise_community_epoch: somebody lost membership, so the community's topics, its channels' included, get new names.
-- The old name hears `moved` as its last word, which also says who is gone: one event for one departure.
-- The caller holds change_access: nobody is sending to the old name.
create function private.raise_community_epoch(p_community_id uuid, p_left uuid[])
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    private.community_topic(p_community_id), 'moved',
    pg_catalog.jsonb_build_object('community_id', p_community_id, 'left', pg_catalog.to_jsonb(p_left))
  );
  update public.communities c set topic_epoch = c.topic_epoch + 1 where c.id = p_community_id;
end
$$;

revoke all on function private.raise_community_epoch(uuid, uuid[]) from public, anon, authenticated, service_role;

insert into private.topic_events (prefix, event, description) values
  ('community', 'moved', 'Last event on this name: somebody left, and the community''s topics have new names. Payload: community_id, left (user ids)');
