-- require_room_for_thread: a channel has at most 1,000 open threads. The archive has no bound. Two that open one side by side may
-- both take the last place: it bounds what a listing costs, and is no promise.
create function private.require_room_for_thread(p_channel_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if (
    select pg_catalog.count(*) from (
      select from private.threads t where t.channel_id = p_channel_id and t.archived_at is null limit 1000
    ) o
  ) = 1000 then
    perform private.fail(
      'limit_reached', 'A channel has at most 1,000 open threads: archive one first.', 409,
      pg_catalog.jsonb_build_object('max', 1000)
    );
  end if;
end
$$;

revoke all on function private.require_room_for_thread(uuid) from public, anon, authenticated, service_role;
