-- hold_staff: somebody stays staff until the caller's transaction has ended; whether they are. Before a report's lock: whoever stops
-- being staff locks in that order, too (see release_reports). The profile before it, as where an account ends. What is not held and asked afterwards holds nothing: the row that is seen
-- then may be a newer one, of somebody appointed again meanwhile.
create function private.hold_staff(p_user_id uuid)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from public.profiles p where p.id = p_user_id for key share;
  perform from private.platform_staff s where s.user_id = p_user_id for key share;
  return found;
end
$$;

revoke all on function private.hold_staff(uuid) from public, anon, authenticated, service_role;
