-- list_thread_members: Gate: the right to see the thread.
create function private.list_thread_members(p_thread_id uuid, p_after_user_id uuid, p_limit integer)
returns setof public.thread_member
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_thread(p_thread_id, 'view_channel');
  perform private.require_limit(p_limit, 100);

  return query
  select m.user_id, p.username, coalesce(c.nickname, p.display_name), m.joined_at
  from private.thread_members m
  join public.community_members c on c.community_id = m.community_id and c.user_id = m.user_id
  join public.profiles p on p.id = m.user_id
  where m.thread_id = p_thread_id and (p_after_user_id is null or m.user_id > p_after_user_id)
  order by m.user_id
  limit p_limit;
end
$$;

revoke all on function private.list_thread_members(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_thread_members(uuid, uuid, integer) to authenticated;

create function public.list_thread_members(p_thread_id uuid, p_after_user_id uuid default null, p_limit integer default 50)
returns setof public.thread_member
language sql stable security invoker set search_path = ''
as $$ select * from private.list_thread_members(p_thread_id, p_after_user_id, p_limit); $$;

comment on function public.list_thread_members(uuid, uuid, integer) is
$$Returns a page of those who follow a thread, by `user_id`.
@param p_after_user_id go on after the last of the page before
@param p_limit 1 to 100
@errors session_required, not_found, invalid_argument$$;

revoke all on function public.list_thread_members(uuid, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_thread_members(uuid, uuid, integer) to authenticated;
