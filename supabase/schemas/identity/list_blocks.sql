-- list_blocks: the caller's own only; nobody is told who has blocked them.
create function private.list_blocks(p_before_created_at timestamptz, p_before_user_id uuid, p_limit integer)
returns setof public.blocked_user
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);
  if (p_before_created_at is null) <> (p_before_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a block, give both its time and its user.', 422,
      pg_catalog.jsonb_build_object('field', 'p_before_user_id')
    );
  end if;

  return query
  select b.blocked_id, p.username, p.display_name, b.created_at
  from private.blocks b
  join public.profiles p on p.id = b.blocked_id
  where b.blocker_id = v_user_id
    and (p_before_user_id is null or (b.created_at, b.blocked_id) < (p_before_created_at, p_before_user_id))
  order by b.created_at desc, b.blocked_id desc
  limit p_limit;
end
$$;

revoke all on function private.list_blocks(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_blocks(timestamptz, uuid, integer) to authenticated;

create function public.list_blocks(
  p_before_created_at timestamptz default null,
  p_before_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.blocked_user
language sql stable security invoker set search_path = ''
as $$ select * from private.list_blocks(p_before_created_at, p_before_user_id, p_limit); $$;

comment on function public.list_blocks(timestamptz, uuid, integer) is
$$Returns a page of those whom the caller has blocked, the newest first.
@param p_before_created_at go on with older ones: the `created_at` of the last of the page before, as it came
@param p_before_user_id and its `user_id`; both or none
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.list_blocks(timestamptz, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_blocks(timestamptz, uuid, integer) to authenticated;
