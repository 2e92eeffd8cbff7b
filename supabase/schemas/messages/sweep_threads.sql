-- sweep_threads: stores which threads their silence has archived, and tells it. A thread is looked at once in each stretch in which it
-- may become silent, however much is written in it. In the order of communities and channels, so that two sweeps, or a sweep and a
-- job that tells of activity, do not wait for each other; a thread that is being changed is left for the next time.
create function private.sweep_threads(p_batch integer default 200)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_due uuid[];
  v_thread private.threads;
  v_archived_at timestamptz;
begin
  v_due := array(
    select t.id from private.threads t
    where t.archived_at is null and t.silence_at <= pg_catalog.now()
    order by t.silence_at
    limit p_batch
  );
  for v_thread in
    select t.* from private.threads t where t.id = any (v_due) order by t.community_id, t.channel_id, t.id
  loop
    perform private.hold_access(v_thread.community_id);
    -- Not while somebody writes in it.
    perform from private.channel_heads h where h.channel_id = v_thread.id for no key update skip locked;
    continue when not found;
    select t.* into v_thread from private.threads t where t.id = v_thread.id and t.archived_at is null for no key update;
    continue when not found;

    v_archived_at := private.archived_at(v_thread);
    update private.threads t
    set
      archived_at = v_archived_at,
      silence_at = greatest(h.last_message_at, t.opened_at) + pg_catalog.make_interval(mins => t.archive_after_minutes)
    from private.channel_heads h
    where t.id = v_thread.id and h.channel_id = t.id
    returning t.* into v_thread;
    if v_archived_at is not null then
      perform private.tell_thread(v_thread);
    end if;
  end loop;
end
$$;

revoke all on function private.sweep_threads(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_threads', '30 seconds', 'select private.sweep_threads()');
