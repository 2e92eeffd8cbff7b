-- add_member: makes a user a member with the default role and those of the invite. Says false where the user already is
-- one. The caller holds hold_access for the community, or nobody else can know of it yet.
-- The class is made for the final set of roles, so joining never takes anybody's last place in a class.
create function private.add_member(
  p_community_id uuid,
  p_user_id uuid,
  p_role_ids uuid[] default '{}',
  p_invited_by uuid default null,
  p_invite_code text default null
)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_role_ids uuid[] := array(select distinct r.id from pg_catalog.unnest(p_role_ids) as r (id) order by r.id);
  v_member_id uuid := private.personal_class(p_community_id, p_user_id);
begin
  insert into public.community_members (
    community_id, user_id, access_class_id, timed_out_until, sort_name, invited_by, invite_code
  )
  select
    p_community_id, p.id, private.access_class(p_community_id, v_role_ids, v_member_id), d.timed_out_until,
    private.sort_name(null, p.display_name), p_invited_by, p_invite_code
  from public.profiles p
  left join private.departed_timeouts d
    on d.community_id = p_community_id and d.user_id = p.id and d.timed_out_until > pg_catalog.now()
  where p.id = p_user_id
  on conflict (community_id, user_id) do nothing;
  if not found then
    return false;
  end if;

  insert into public.member_roles (community_id, user_id, role_id)
  select p_community_id, p_user_id, r.id from pg_catalog.unnest(v_role_ids) as r (id);
  delete from private.departed_timeouts d where d.community_id = p_community_id and d.user_id = p_user_id;

  perform private.announce(p_community_id, 'member_joined', pg_catalog.jsonb_build_object('user_id', p_user_id));
  perform private.notify_access_changed(p_user_id, p_community_id, 'joined');
  return true;
end
$$;

revoke all on function private.add_member(uuid, uuid, uuid[], uuid, text) from public, anon, authenticated, service_role;
