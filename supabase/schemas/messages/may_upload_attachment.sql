-- may_upload_attachment: whether the caller may put a file at this path of the bucket now. About the caller only.
create function private.may_upload_attachment(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_ids uuid[] := private.attachment_ids(p_path);
  v_needed bigint := private.permission_mask('send_messages', 'attach_files');
begin
  return coalesce(
    v_ids [2] = (select auth.uid())
    and private.channel_permissions(v_ids [1]) & v_needed = v_needed
    and private.has_room_for_attachment(v_ids [2]),
    false
  );
end
$$;

revoke all on function private.may_upload_attachment(text) from public, anon, authenticated, service_role;
grant execute on function private.may_upload_attachment(text) to authenticated;
