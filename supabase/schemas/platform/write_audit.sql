-- write_audit: adds one row to a community's log, in the transaction of the change it tells of.
-- p_reason is checked here, because every reason comes here.
create function private.write_audit(
  p_community_id uuid,
  p_action text,
  p_target_id text,
  p_before jsonb default null,
  p_after jsonb default null,
  p_reason text default null
)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_head private.audit_heads;
  v_entry public.audit_log;
begin
  if pg_catalog.char_length(p_reason) > 512 then
    perform private.fail(
      'invalid_argument', 'A reason has at most 512 characters.', 422, pg_catalog.jsonb_build_object('field', 'p_reason')
    );
  end if;

  insert into private.audit_heads (community_id, number, hash) values (p_community_id, 0, '')
  on conflict (community_id) do nothing;
  select h.* into v_head from private.audit_heads h where h.community_id = p_community_id for no key update;

  v_entry.community_id := p_community_id;
  v_entry.number := v_head.number + 1;
  v_entry.at := pg_catalog.clock_timestamp();
  v_entry.actor_id := (select auth.uid());
  v_entry.action := p_action;
  v_entry.target_id := p_target_id;
  v_entry.before := p_before;
  v_entry.after := p_after;
  v_entry.reason := nullif(pg_catalog.btrim(p_reason), '');
  v_entry.request_id := pg_catalog.left(private.request_header('x-request-id'), 64);
  v_entry.previous_hash := v_head.hash;
  v_entry.hash := private.audit_hash(v_entry);
  insert into public.audit_log select v_entry.*;

  update private.audit_heads h
  set number = v_entry.number, hash = v_entry.hash
  where h.community_id = p_community_id;
end
$$;

revoke all on function private.write_audit(uuid, text, text, jsonb, jsonb, text) from public, anon, authenticated, service_role;
