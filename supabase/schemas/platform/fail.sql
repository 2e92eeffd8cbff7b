-- fail: the one way an error leaves the database.
-- The SQLSTATE is PT plus the HTTP status, which PostgREST turns into the response's status; the message is a sentence
-- for a person; DETAIL is JSON with the code that stays and what a program needs (retry_after, permission, field).
create function private.fail(p_code text, p_message text, p_status integer, p_details jsonb default '{}')
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || p_status,
    message = p_message,
    detail = (pg_catalog.jsonb_build_object('code', p_code) || p_details)::text;
end
$$;

revoke all on function private.fail(text, text, integer, jsonb) from public, anon, authenticated, service_role;
