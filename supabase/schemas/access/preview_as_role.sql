-- preview_as_role: Gate: manage_roles. Only channels the caller may view are told: the preview is no way around one's own
-- rights.
create function private.preview_as_role(p_community_id uuid, p_role_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_role_ids uuid[];
begin
  perform private.require_in_community(p_community_id, 'manage_roles');
  select case when r.is_default then '{}' else array[r.id] end into v_role_ids
  from public.roles r
  where r.community_id = p_community_id and r.id = p_role_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such role in this community.', 404, pg_catalog.jsonb_build_object('field', 'p_role_id')
    );
  end if;

  return pg_catalog.jsonb_build_object(
    'permissions', private.permission_keys(private.base_permissions(p_community_id, v_role_ids, null)),
    'channels', (
      select coalesce(
        pg_catalog.jsonb_agg(
          pg_catalog.jsonb_build_object(
            'channel_id', r.place_id, 'permissions', private.permission_keys(r.permissions)
          )
          order by r.place_id
        ),
        '[]'
      )
      from private.rights_in(p_community_id, v_role_ids, null) r
      where r.place_id = any (private.my_channel_ids('view_channel'))
    )
  );
end
$$;

revoke all on function private.preview_as_role(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function private.preview_as_role(uuid, uuid) to authenticated;

create function public.preview_as_role(p_community_id uuid, p_role_id uuid)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.preview_as_role(p_community_id, p_role_id); $$;

comment on function public.preview_as_role(uuid, uuid) is
$$Returns what a member would hold who has this role and no other beside the default role: in the community, and in each
channel that the caller may view (an empty list of permissions: such a member would not see it). Needs `manage_roles`.
@errors session_required, not_found, missing_permission, timed_out
@returns {{ permissions: string[]; channels: { channel_id: string; permissions: string[] }[] }}$$;

revoke all on function public.preview_as_role(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.preview_as_role(uuid, uuid) to authenticated;
