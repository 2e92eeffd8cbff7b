-- sweep_access: stores what temporary grants that ended have left, and tells whom it concerns; then tidies. Until it
-- comes, every gate and policy asks the rule itself for these members (see channel_permissions), so nothing waits for it
-- but the topics' names: an open socket hears on until then, ten seconds at most.
-- Those that have waited longest, so that a community whose grants end all the time does not keep the others waiting; of these in the order
-- of ids, so that two sweeps, or a sweep and an account's end, do not wait for each other.
create function private.sweep_access(p_batch integer default 20)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_community_id uuid;
  v_user_ids uuid[];
begin
  for v_community_id in
    select d.community_id
    from (
      select m.community_id from public.community_members m where m.access_expires_at <= pg_catalog.now()
      group by m.community_id
      order by min(m.access_expires_at), m.community_id
      limit p_batch
    ) d
    order by d.community_id
  loop
    perform private.change_access(v_community_id);
    v_user_ids := array(
      select m.user_id from public.community_members m
      where m.community_id = v_community_id and m.access_expires_at <= pg_catalog.now()
      order by m.user_id
    );
    -- The community may have been deleted, or somebody else swept it, while we waited for it.
    continue when v_user_ids = array[]::uuid[];
    delete from public.member_roles g
    where g.community_id = v_community_id and g.user_id = any (v_user_ids) and g.expires_at <= pg_catalog.now();
    perform private.announce(
      v_community_id, 'members_updated', pg_catalog.jsonb_build_object('user_ids', pg_catalog.to_jsonb(v_user_ids)),
      private.assign_access_classes(v_community_id, v_user_ids)
    );
    perform private.broadcast(
      'user:' || u.id, 'access_changed',
      pg_catalog.jsonb_build_object('community_id', v_community_id, 'kind', 'roles')
    )
    from pg_catalog.unnest(v_user_ids) as u (id);
  end loop;

  delete from private.departed_timeouts d where d.timed_out_until <= pg_catalog.now();
end
$$;

revoke all on function private.sweep_access(integer) from public, anon, authenticated, service_role;

select private.schedule_job('sweep_access', '10 seconds', 'select private.sweep_access()');
