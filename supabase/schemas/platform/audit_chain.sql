-- audit_chain: reads a community's log from its beginning and says whether all is as it was written, or the
-- first thing that is not, after how many good rows. A row that was changed has another hash; one that was taken out is missing between its
-- neighbours; an end that was cut off is known by audit_heads.
create function private.audit_chain(p_community_id uuid)
returns jsonb
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_entry public.audit_log;
  v_head private.audit_heads;
  v_hash text := '';
  v_entries bigint := 0::bigint;
  v_problem text;
begin
  for v_entry in
    select l.* from public.audit_log l where l.community_id = p_community_id order by l.number
  loop
    v_problem := case
      when v_entry.number <> v_entries + 1 then 'missing'
      when v_entry.previous_hash <> v_hash then 'broken link'
      when v_entry.hash <> private.audit_hash(v_entry) then 'changed'
    end;
    exit when v_problem is not null;
    v_entries := v_entries + 1;
    v_hash := v_entry.hash;
  end loop;

  select h.* into v_head from private.audit_heads h where h.community_id = p_community_id;
  if v_problem is null and (coalesce(v_head.number, 0) <> v_entries or coalesce(v_head.hash, '') <> v_hash) then
    v_problem := 'cut off';
  end if;
  return pg_catalog.jsonb_build_object(
    'is_valid', v_problem is null,
    'entries', v_entries,
    'first_bad_number', case when v_problem is not null then v_entries + 1 end,
    'problem', v_problem
  );
end
$$;

revoke all on function private.audit_chain(uuid) from public, anon, authenticated, service_role;
