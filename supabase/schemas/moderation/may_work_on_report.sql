-- is_about: whether a report is about somebody who manages these communities: they are accused, manage the community that it is about,
-- or did when it was made.
create function private.is_about(p_report private.reports, p_user_id uuid, p_managed_community_ids uuid[])
returns boolean
language plpgsql immutable security definer set search_path = ''
as $$
begin
  return p_user_id = any (p_report.concerned_ids)
    -- Null for what belongs to no community, which nobody manages.
    or coalesce(p_report.community_id = any (p_managed_community_ids), false);
end
$$;

revoke all on function private.is_about(private.reports, uuid, uuid[]) from public, anon, authenticated, service_role;

-- may_work_on_report: whether somebody is staff, and the report is not about them.
create function private.may_work_on_report(p_report private.reports, p_user_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (select from private.platform_staff s where s.user_id = p_user_id)
    and not private.is_about(p_report, p_user_id, private.managed_community_ids(p_user_id));
end
$$;

revoke all on function private.may_work_on_report(private.reports, uuid) from public, anon, authenticated, service_role;
