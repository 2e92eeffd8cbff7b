-- erase_traces: a step of an account's end (see erasure_steps): what it has deleted has no author any more, and what it has uploaded and not
-- sent goes.
create function private.erase_traces(p_user_id uuid, p_batch integer)
returns integer
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_seen integer;
  v_unsent integer;
begin
  update private.tombstones t set author_id = null, client_nonce = null
  where t.ctid = any (array(select s.ctid from private.tombstones s where s.author_id = p_user_id limit p_batch));
  get diagnostics v_seen = row_count;
  update private.attachments a set remove_at = pg_catalog.now()
  where a.user_id = p_user_id and a.seq is null and a.remove_at > pg_catalog.now();
  get diagnostics v_unsent = row_count;
  return v_seen + v_unsent;
end
$$;

revoke all on function private.erase_traces(uuid, integer) from public, anon, authenticated, service_role;

insert into private.erasure_steps (name, place) values ('erase_traces', 20);
