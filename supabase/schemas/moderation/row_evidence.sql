-- row_evidence: all that a message's row says, and of its files what is kept of them.
create function private.row_evidence(p_message public.messages)
returns jsonb
language plpgsql stable security definer set search_path = '' set timezone = 'UTC'
as $$
begin
  -- The nonce is the sender's own mark, and says nothing.
  return pg_catalog.to_jsonb(p_message) - 'client_nonce'
    || pg_catalog.jsonb_build_object('attachments', private.attachments_evidence(p_message));
end
$$;

revoke all on function private.row_evidence(public.messages) from public, anon, authenticated, service_role;
