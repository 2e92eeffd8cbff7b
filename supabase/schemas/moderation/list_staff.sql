-- staff_member: somebody of the platform staff.
create type public.staff_member as (
  user_id uuid,
  username text,
  display_name text,
  role text,
  granted_at timestamptz
);

comment on type public.staff_member is $$Somebody of the platform staff.
@not_null user_id, username, display_name, role, granted_at$$;
comment on column public.staff_member.role is $$Admins may what reviewers may, and see who made a report, hand reports to others and open them again.
@type {'reviewer' | 'admin'}$$;
comment on column public.staff_member.granted_at is 'Since when they are staff.';

-- list_staff: Gate: staff.
create function private.list_staff()
returns setof public.staff_member
language plpgsql stable security definer set search_path = ''
as $$
begin
  perform private.require_staff();

  return query
  select p.id, p.username, p.display_name, s.role, s.granted_at
  from private.platform_staff s
  join public.profiles p on p.id = s.user_id
  order by p.username
  limit 1000;
end
$$;

revoke all on function private.list_staff() from public, anon, authenticated, service_role;
grant execute on function private.list_staff() to authenticated;

create function public.list_staff()
returns setof public.staff_member
language sql stable security invoker set search_path = ''
as $$ select * from private.list_staff(); $$;

comment on function public.list_staff() is
$$Returns the platform staff by name, at most 1,000: to whom a report can be handed. For platform staff.
@errors session_required, missing_permission$$;

revoke all on function public.list_staff() from public, anon, authenticated, service_role;
grant execute on function public.list_staff() to authenticated;
