-- explain_permission: why somebody may or may not, tier by tier in the order of the rule (see rights_in). A tier speaks by
-- allowing or denying; the last one that speaks decides, and where none speaks the permission is simply not given.
-- Asked by the rule itself and not by what is stored, so it also tells when the two should ever differ.
-- Gate: for oneself the right to view the channel; for others manage_roles in it.
create function private.explain_permission(p_channel_id uuid, p_user_id uuid, p_permission text)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_bit bigint;
  v_channel public.channels;
  v_owner_id uuid;
  v_role_ids uuid[];
  v_rights private.rights;
  v_member public.community_members;
  v_administrator bigint := private.permission_mask('administrator');
  v_view bigint := private.permission_mask('view_channel');
  v_send bigint := private.permission_mask('send_messages');
  v_connect bigint := private.permission_mask('connect');
  v_overwritten bigint;
  v_tiers jsonb;
  v_decided_by text;
  v_is_granted boolean;
begin
  perform private.require_in_channel(
    p_channel_id, case when p_user_id = (select auth.uid()) then 'view_channel' else 'manage_roles' end
  );
  v_bit := private.permission_mask(p_permission);
  if exists (select from public.permissions_catalog k where k.key = p_permission and k.scope = 'community') then
    perform private.fail(
      'invalid_argument', 'This permission is not asked in channels.', 422,
      pg_catalog.jsonb_build_object('field', 'p_permission')
    );
  end if;

  select c.* into v_channel from public.channels c where c.id = p_channel_id;
  if not found then
    perform private.fail(
      'not_found', 'A thread has the rights of its channel: ask there.', 404,
      pg_catalog.jsonb_build_object('field', 'p_channel_id')
    );
  end if;
  select m.* into v_member
  from public.community_members m
  where m.community_id = v_channel.community_id and m.user_id = p_user_id;
  if not found then
    perform private.fail(
      'not_found', 'There is no such member.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  select c.owner_id into v_owner_id from public.communities c where c.id = v_channel.community_id;
  v_role_ids := private.granted_role_ids(v_channel.community_id, p_user_id);
  v_rights := private.rights_in(v_channel.community_id, v_role_ids, p_user_id, p_channel_id);
  v_overwritten := ((((((v_rights.base & ~v_rights.default_deny) | v_rights.default_allow)
    & ~v_rights.roles_deny) | v_rights.roles_allow)
    & ~v_rights.member_deny) | v_rights.member_allow);

  with spoken (step, tier, subject_id, effect) as (
    select 1, 'default_role', r.id, 'allow'
    from public.roles r
    where r.community_id = v_channel.community_id and r.is_default and r.permissions & v_bit <> 0
    union all
    select 2, 'role', r.id, 'allow'
    from public.roles r
    where r.community_id = v_channel.community_id and r.id = any (v_role_ids) and r.permissions & v_bit <> 0
    union all
    -- Of what is said on one tier an allow beats a deny, so it comes later.
    select
      case
        when r.is_default then 3
        when w.role_id is not null then case when w.deny & v_bit <> 0 then 4 else 5 end
        else 6
      end,
      case
        when r.is_default then 'default_role_overwrite'
        when w.role_id is not null then 'role_overwrite'
        else 'member_overwrite'
      end,
      w.subject_id,
      case when w.allow & v_bit <> 0 then 'allow' else 'deny' end
    from public.channel_overwrites w
    left join public.roles r on r.community_id = w.community_id and r.id = w.role_id
    where w.channel_id = p_channel_id
      and (w.allow | w.deny) & v_bit <> 0
      and (r.is_default or w.role_id = any (v_role_ids) or w.user_id = p_user_id)
    union all
    select 7, 'without_view_channel', null, 'deny'
    where v_rights.base & v_administrator = 0 and v_overwritten & v_view = 0 and v_bit <> v_view
    union all
    select 8, 'without_connect', null, 'deny'
    where v_rights.base & v_administrator = 0
      and v_channel.kind = 'voice'
      and v_overwritten & v_connect = 0
      and v_bit not in (v_view, v_connect)
    union all
    select 9, 'without_send_messages', null, 'deny'
    where v_rights.base & v_administrator = 0
      and v_overwritten & v_send = 0
      and v_bit & private.permission_mask('mention_everyone', 'attach_files', 'embed_links') <> 0
    union all
    -- Above all of them, whatever they say.
    select 10, 'administrator', r.id, 'allow'
    from public.roles r
    where r.community_id = v_channel.community_id
      and (r.is_default or r.id = any (v_role_ids))
      and r.permissions & v_administrator <> 0
    union all
    select 11, 'owner', p_user_id, 'allow' where v_owner_id = p_user_id
    union all
    select 12, 'timeout', null, 'deny'
    where v_member.timed_out_until > pg_catalog.now()
      and v_rights.base & v_administrator = 0
      and v_bit & private.permission_mask('view_channel', 'read_history') = 0
  )
  select
    coalesce(
      pg_catalog.jsonb_agg(
        pg_catalog.jsonb_build_object('tier', s.tier, 'subject_id', s.subject_id, 'effect', s.effect)
        order by s.step, s.subject_id
      ),
      '[]'
    ),
    (pg_catalog.array_agg(s.tier order by s.step desc, s.subject_id))[1],
    (pg_catalog.array_agg(s.effect order by s.step desc, s.subject_id))[1] = 'allow'
  into v_tiers, v_decided_by, v_is_granted
  from spoken s;

  return pg_catalog.jsonb_build_object(
    'is_granted', coalesce(v_is_granted, false),
    'decided_by', v_decided_by,
    'tiers', v_tiers
  );
end
$$;

revoke all on function private.explain_permission(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.explain_permission(uuid, uuid, text) to authenticated;

create function public.explain_permission(p_channel_id uuid, p_user_id uuid, p_permission text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$ select private.explain_permission(p_channel_id, p_user_id, p_permission); $$;

comment on function public.explain_permission(uuid, uuid, text) is
$$Says why a member holds a permission in a channel or not: every tier that speaks, in the order of the rule, and the one
that decides, which is the last; null where none speaks, and then it is not granted. About oneself, or about others
with `manage_roles` in the channel.
@param p_permission a key of permissions_catalog that is asked in channels
@errors session_required, not_found, missing_permission, timed_out, invalid_argument
@returns {{ is_granted: boolean; decided_by: string | null; tiers: { tier: string; subject_id: string | null; effect: 'allow' | 'deny' }[] }}$$;

revoke all on function public.explain_permission(uuid, uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.explain_permission(uuid, uuid, text) to authenticated;
