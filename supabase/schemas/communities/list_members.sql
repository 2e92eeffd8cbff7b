-- list_members: Gate: membership. One range of the index on sort_name, or of the index on a role's holders.
create function private.list_members(
  p_community_id uuid,
  p_role_id uuid,
  p_query text,
  p_after_name text,
  p_after_user_id uuid,
  p_limit integer
)
returns setof public.member
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_sees_invites boolean := private.require_in_community(p_community_id) & private.permission_mask('manage_invites') <> 0;
  v_prefix text := pg_catalog.lower(pg_catalog.btrim(p_query));
  v_role_id uuid;
  v_page uuid[];
begin
  perform private.require_limit(p_limit, 100);
  if (p_after_name is null) <> (p_after_user_id is null) then
    perform private.fail(
      'invalid_argument', 'To go on after a member, give both name and id.', 422,
      pg_catalog.jsonb_build_object('field', 'p_after_user_id')
    );
  end if;
  if pg_catalog.char_length(p_query) > 100 then
    perform private.fail(
      'invalid_argument', 'Search for at most 100 characters.', 422, pg_catalog.jsonb_build_object('field', 'p_query')
    );
  end if;
  if p_role_id is not null then
    -- Every member holds the default role: it leaves nobody out.
    select case when r.is_default then null else r.id end into v_role_id
    from public.roles r
    where r.community_id = p_community_id and r.id = p_role_id;
    if not found then
      perform private.fail(
        'not_found', 'There is no such role in this community.', 404, pg_catalog.jsonb_build_object('field', 'p_role_id')
      );
    end if;
  end if;

  if v_role_id is null then
    v_page := array(
      select m.user_id
      from public.community_members m
      where m.community_id = p_community_id
        -- In byte order, so that the index answers both: where the prefix begins, and where the page before ended.
        and (v_prefix is null or m.sort_name >= v_prefix and m.sort_name < v_prefix || pg_catalog.chr(1114111))
        and (p_after_name is null or (m.sort_name, m.user_id) > (p_after_name collate "C", p_after_user_id))
      order by m.sort_name, m.user_id
      limit p_limit
    );
  else
    -- A statement of its own: of a role that few hold, the few are found first, and not in a walk through all members.
    v_page := array(
      select m.user_id
      from public.member_roles g
      join public.community_members m on m.community_id = g.community_id and m.user_id = g.user_id
      where g.community_id = p_community_id
        and g.role_id = v_role_id
        and (g.expires_at is null or g.expires_at > pg_catalog.now())
        and (v_prefix is null or m.sort_name >= v_prefix and m.sort_name < v_prefix || pg_catalog.chr(1114111))
        and (p_after_name is null or (m.sort_name, m.user_id) > (p_after_name collate "C", p_after_user_id))
      order by m.sort_name, m.user_id
      limit p_limit
    );
  end if;

  return query
  select
    m.community_id, m.user_id, p.username, p.display_name, m.nickname, m.sort_name,
    private.granted_role_ids(m.community_id, m.user_id),
    case when m.timed_out_until > pg_catalog.now() then m.timed_out_until end,
    m.joined_at,
    case when v_sees_invites then m.invited_by end,
    case when v_sees_invites then m.invite_code end
  from public.community_members m
  join public.profiles p on p.id = m.user_id
  where m.community_id = p_community_id and m.user_id = any (v_page)
  order by m.sort_name, m.user_id;
end
$$;

revoke all on function private.list_members(uuid, uuid, text, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_members(uuid, uuid, text, text, uuid, integer) to authenticated;

create function public.list_members(
  p_community_id uuid,
  p_role_id uuid default null,
  p_query text default null,
  p_after_name text default null,
  p_after_user_id uuid default null,
  p_limit integer default 50
)
returns setof public.member
language sql stable security invoker set search_path = ''
as $$ select * from private.list_members(p_community_id, p_role_id, p_query, p_after_name, p_after_user_id, p_limit); $$;

comment on function public.list_members(uuid, uuid, text, text, uuid, integer) is
$$Returns a page of a community's members in the order of their shown names.
@param p_role_id only who holds this role
@param p_query only whose shown name begins so, in whatever case
@param p_after_name go on after this member: the `sort_name` of the last of the page before
@param p_after_user_id and their `user_id`
@param p_limit 1 to 100
@errors session_required, not_found, invalid_argument$$;

revoke all on function public.list_members(uuid, uuid, text, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_members(uuid, uuid, text, text, uuid, integer) to authenticated;
