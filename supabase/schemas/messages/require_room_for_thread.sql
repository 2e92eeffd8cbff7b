-- require_room_for_thread: a channel has at most 1,000 open threads, and at most 50 that one member has opened, so that nobody fills
-- it alone. The archive has no bound. Two that open one side by side may both take the last place: it bounds what a listing costs,
-- and is no promise.
create function private.require_room_for_thread(p_channel_id uuid, p_owner_id uuid default null)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_open bigint;
  v_own bigint;
begin
  select pg_catalog.count(*), pg_catalog.count(*) filter (where o.owner_id = p_owner_id) into v_open, v_own
  from (
    select t.owner_id from private.threads t where t.channel_id = p_channel_id and t.archived_at is null limit 1000
  ) o;
  if v_open = 1000 then
    perform private.fail(
      'limit_reached', 'A channel has at most 1,000 open threads: archive one first.', 409,
      pg_catalog.jsonb_build_object('max', 1000)
    );
  end if;
  if v_own >= 50 then
    perform private.fail(
      'limit_reached', 'You have 50 open threads in this channel: archive one first.', 409,
      pg_catalog.jsonb_build_object('max', 50)
    );
  end if;
end
$$;

revoke all on function private.require_room_for_thread(uuid, uuid) from public, anon, authenticated, service_role;
