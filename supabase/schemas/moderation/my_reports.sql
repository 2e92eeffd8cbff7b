-- my_reports: about the caller only.
create function private.my_reports(p_before_id uuid, p_limit integer)
returns setof public.my_report
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_reporter_id uuid := private.require_account();
begin
  perform private.require_limit(p_limit, 100);

  return query
  select d.*
  from (
    select r from private.reports r
    where r.reporter_id = v_reporter_id and (p_before_id is null or r.id < p_before_id)
    order by r.id desc
    limit p_limit
  ) s, private.described_my_report(s.r) d
  order by d.id desc;
end
$$;

revoke all on function private.my_reports(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function private.my_reports(uuid, integer) to authenticated;

create function public.my_reports(p_before_id uuid default null, p_limit integer default 50)
returns setof public.my_report
language sql stable security invoker set search_path = ''
as $$ select * from private.my_reports(p_before_id, p_limit); $$;

comment on function public.my_reports(uuid, integer) is
$$Returns a page of the reports that the caller has made, the newest first, with what has become of each.
@param p_before_id go on before this report
@param p_limit 1 to 100
@errors session_required, invalid_argument$$;

revoke all on function public.my_reports(uuid, integer) from public, anon, authenticated, service_role;
grant execute on function public.my_reports(uuid, integer) to authenticated;
