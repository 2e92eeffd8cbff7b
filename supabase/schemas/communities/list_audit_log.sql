-- list_audit_log: Gate: view_audit_log.
create function private.list_audit_log(
  p_community_id uuid,
  p_before_number bigint,
  p_action text,
  p_actor_id uuid,
  p_limit integer
)
returns setof public.audit_log
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_in_community(p_community_id, 'view_audit_log');
  perform private.require_limit(p_limit, 100);

  return query
  select l.*
  from public.audit_log l
  where l.community_id = p_community_id
    and (p_before_number is null or l.number < p_before_number)
    and (p_action is null or l.action = p_action)
    and (p_actor_id is null or l.actor_id = p_actor_id)
  order by l.number desc
  limit p_limit;
end
$$;

revoke all on function private.list_audit_log(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.list_audit_log(uuid, bigint, text, uuid, integer) to authenticated;

create function public.list_audit_log(
  p_community_id uuid,
  p_before_number bigint default null,
  p_action text default null,
  p_actor_id uuid default null,
  p_limit integer default 50
)
returns setof public.audit_log
language sql stable security invoker set search_path = ''
as $$ select * from private.list_audit_log(p_community_id, p_before_number, p_action, p_actor_id, p_limit); $$;

comment on function public.list_audit_log(uuid, bigint, text, uuid, integer) is
$$Returns a page of a community's audit log, the newest first. Needs `view_audit_log`.
@param p_before_number go on before this number
@param p_action only this action
@param p_actor_id only what this user did
@param p_limit 1 to 100
@errors session_required, not_found, missing_permission, timed_out, invalid_argument$$;

revoke all on function public.list_audit_log(uuid, bigint, text, uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.list_audit_log(uuid, bigint, text, uuid, integer) to authenticated;
