-- list_threads: Gate: read_history. Public ones from their own range of the index; private ones by the caller's memberships,
-- or from their range for who manages threads.
create function private.list_threads(p_channel_id uuid, p_is_archived boolean, p_before_id uuid, p_limit integer)
returns setof public.thread
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_held bigint := private.require_in_channel(p_channel_id, 'read_history');
  v_channel public.channels;
  v_sees_private boolean := v_held & private.permission_mask('manage_threads') <> 0;
begin
  perform private.require_limit(p_limit, 100);
  if p_is_archived is null then
    perform private.fail(
      'invalid_argument', 'Say whether the open threads are asked for or the archive.', 422,
      pg_catalog.jsonb_build_object('field', 'p_is_archived')
    );
  end if;
  select c.* into v_channel from public.channels c where c.id = p_channel_id;

  return query
  select d.*
  from (
    (
      select t.*::private.threads as thread, t.id
      from private.threads t
      where t.community_id = v_channel.community_id and t.channel_id = v_channel.id and t.kind = 'public'
        and (p_before_id is null or t.id < p_before_id)
        and (p_is_archived or t.archived_at is null) and (private.archived_at(t) is not null) = p_is_archived
      order by t.id desc
      limit p_limit
    )
    union all
    (
      select t.*::private.threads, t.id
      from private.threads t
      where v_sees_private
        and t.community_id = v_channel.community_id and t.channel_id = v_channel.id and t.kind = 'private'
        and (p_before_id is null or t.id < p_before_id)
        and (p_is_archived or t.archived_at is null) and (private.archived_at(t) is not null) = p_is_archived
      order by t.id desc
      limit p_limit
    )
    union all
    (
      select t.*::private.threads, t.id
      from private.thread_members m
      join private.threads t on t.id = m.thread_id
      where not v_sees_private
        and m.community_id = v_channel.community_id and m.user_id = (select auth.uid())
        and t.channel_id = v_channel.id and t.kind = 'private'
        and (p_before_id is null or t.id < p_before_id)
        and (p_is_archived or t.archived_at is null) and (private.archived_at(t) is not null) = p_is_archived
      order by t.id desc
      limit p_limit
    )
  ) found
  cross join lateral private.described_thread(found.thread) d
  order by found.id desc
  limit p_limit;
end
$$;

revoke all on function private.list_threads(uuid, boolean, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_threads(uuid, boolean, uuid, integer) to authenticated;

create function public.list_threads(
  p_channel_id uuid,
  p_is_archived boolean default false,
  p_before_id uuid default null,
  p_limit integer default 50
)
returns setof public.thread
language sql stable security invoker set search_path = ''
as $$ select * from private.list_threads(p_channel_id, p_is_archived, p_before_id, p_limit); $$;

comment on function public.list_threads(uuid, boolean, uuid, integer) is
$$Returns a page of a channel's threads that the caller sees, the newest first. Needs `read_history`. A page with fewer than
`p_limit` is the last.
@param p_is_archived false: those that are open; true: the archive
@param p_before_id go on after the last of the page before
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, invalid_argument$$;

revoke all on function public.list_threads(uuid, boolean, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_threads(uuid, boolean, uuid, integer) to authenticated;
