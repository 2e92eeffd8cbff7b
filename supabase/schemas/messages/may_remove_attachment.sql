-- may_remove_attachment: whether the file at this path of the bucket is the caller's own and was never sent.
create function private.may_remove_attachment(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
begin
  return exists (
    select from private.attachments a where a.path = p_path and a.seq is null and a.user_id = (select auth.uid())
  );
end
$$;

revoke all on function private.may_remove_attachment(text) from public, anon, authenticated, service_role;
grant execute on function private.may_remove_attachment(text) to authenticated;
