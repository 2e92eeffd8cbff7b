-- refusal: an error that is answered instead of raised. What a raised error undoes includes what was charged for the try,
-- so a function whose failed tries count returns this: the response gets the status, the body is the one a raised error
-- would have given, and the transaction is kept. See fail.
create function private.refusal(p_code text, p_message text, p_status integer, p_details jsonb default '{}')
returns jsonb
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pg_catalog.set_config('response.status', p_status::text, true);
  return pg_catalog.jsonb_build_object(
    'code', 'PT' || p_status,
    'message', p_message,
    'details', (pg_catalog.jsonb_build_object('code', p_code) || p_details)::text,
    'hint', null
  );
end
$$;

revoke all on function private.refusal(text, text, integer, jsonb) from public, anon, authenticated, service_role;
