-- hold_access, change_access: a readers-writer lock per community over "who may see what".
-- Whoever broadcasts holds it shared from before the gate to the commit; whoever takes rights away holds it alone. So no
-- message is sent to a topic's old name after the commit that took somebody's right to it. It lasts for the transaction
-- and lives in memory: no row is written, and senders never wait for one another.
create function private.hold_access(p_community_id uuid)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended(p_community_id::text, 0));
end
$$;

revoke all on function private.hold_access(uuid) from public, anon, authenticated, service_role;
