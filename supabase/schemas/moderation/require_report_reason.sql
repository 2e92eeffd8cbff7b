-- require_report_reason: one of the list that the table checks, too.
create function private.require_report_reason(p_reason text)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  if p_reason is null
    or p_reason not in ('spam', 'harassment', 'hate', 'violence', 'sexual_content', 'self_harm', 'illegal', 'other')
  then
    perform private.fail(
      'invalid_argument', 'There is no such reason.', 422, pg_catalog.jsonb_build_object('field', 'p_reason')
    );
  end if;
  return p_reason;
end
$$;

revoke all on function private.require_report_reason(text) from public, anon, authenticated, service_role;
