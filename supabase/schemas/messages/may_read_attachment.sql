-- may_read_attachment: whether the caller may read the file at this path of the bucket: their own until it is sent, and then whoever
-- may read the message, for as long as that is there and the file has not expired. About the caller only.
create function private.may_read_attachment(p_path text)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_attachment private.attachments;
begin
  select a.* into v_attachment from private.attachments a where a.path = p_path;
  if not found then
    return false;
  end if;
  if v_attachment.seq is null then
    return coalesce(v_attachment.user_id = (select auth.uid()), false);
  end if;
  return v_attachment.remove_at > pg_catalog.now()
    and coalesce(private.channel_permissions(v_attachment.channel_id) & private.permission_mask('read_history') <> 0, false)
    and exists (
      select from public.messages m
      where m.channel_id = v_attachment.channel_id and m.seq = v_attachment.seq
        and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
    );
end
$$;

revoke all on function private.may_read_attachment(text) from public, anon, authenticated, service_role;
grant execute on function private.may_read_attachment(text) to authenticated;
