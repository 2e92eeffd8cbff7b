-- tell_threads: the messages that threads hang on show how far these have come, every 5 seconds: one change of the channel for
-- each thread in which something was written, however much it was. Senders in a thread do nothing for it, and so never wait for its
-- channel. What is new is found as in tell_activity, and in the order of sweep_threads.
create function private.tell_threads(p_since interval default '1 minute')
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_thread private.threads;
begin
  for v_thread in
    select t.*
    from (
      select e.channel_id, pg_catalog.max(e.seq) as last_seq
      from private.channel_events e
      where e.at > pg_catalog.now() - p_since and e.kind = 'created'
      group by e.channel_id
    ) new
    join private.threads t on t.id = new.channel_id
    join public.messages m on m.channel_id = t.channel_id and m.seq = t.root_seq
    where new.last_seq > (m.thread ->> 'last_seq')::bigint
    order by t.community_id, t.channel_id, t.id
  loop
    perform private.hold_access(v_thread.community_id);
    perform private.change_root(v_thread);
  end loop;
end
$$;

revoke all on function private.tell_threads(interval) from public, anon, authenticated, service_role;

select private.schedule_job('tell_threads', '5 seconds', 'select private.tell_threads()');
