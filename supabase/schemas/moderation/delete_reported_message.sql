-- delete_reported_message: what delete_message does after its gate. Also of what a ban has hidden, which comes back when that is undone.
-- The caller holds the community's lock.
create function private.delete_reported_message(p_report private.reports, p_reason text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from private.channel_heads h where h.channel_id = p_report.subject_id and h.deleted_at is null for no key update;
  if not exists (
    select
    from private.channel_heads h
    join public.messages m on m.channel_id = h.channel_id
    where h.channel_id = p_report.subject_id and h.deleted_at is null and m.seq = p_report.seq
  ) then
    perform private.fail('conflict', 'This message is gone already.', 409);
  end if;
  perform private.remove_messages(p_report.subject_id, array[p_report.seq], p_reason);
end
$$;

revoke all on function private.delete_reported_message(private.reports, text) from public, anon, authenticated, service_role;
