-- write_attachments: whose these files are from now on. The caller holds their rows (see require_attachments).
create function private.write_attachments(p_message public.messages, p_attachments jsonb)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update private.attachments a
  set
    seq = p_message.seq, shown = i.item,
    remove_at = coalesce((i.item ->> 'expires_at')::timestamptz, 'infinity')
  from pg_catalog.jsonb_array_elements(p_attachments) as i (item)
  where a.path = i.item ->> 'path';
end
$$;

revoke all on function private.write_attachments(public.messages, jsonb) from public, anon, authenticated, service_role;
