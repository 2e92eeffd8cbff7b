-- audit_hash: SHA-256 over the hash before and everything else the row says. Times as seconds, so that the session's
-- zone has no part in it; the rest as jsonb prints it, which is one text for one value.
create function private.audit_hash(p_entry public.audit_log)
returns text
language sql immutable security invoker set search_path = ''
as $$
  select pg_catalog.encode(
    pg_catalog.sha256(
      pg_catalog.convert_to(
        pg_catalog.jsonb_build_array(
          p_entry.previous_hash, p_entry.community_id, p_entry.number, extract(epoch from p_entry.at), p_entry.actor_id,
          p_entry.action, p_entry.target_id, p_entry.before, p_entry.after, p_entry.reason, p_entry.request_id
        )::text,
        'UTF8'
      )
    ),
    'hex'
  );
$$;

revoke all on function private.audit_hash(public.audit_log) from public, anon, authenticated, service_role;
