-- require_no_community: an account that owns communities does not end: they would have no owner. Says which they are.
create function private.require_no_community(p_user_id uuid)
returns void
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_ids uuid[] := array(select c.id from public.communities c where c.owner_id = p_user_id order by c.id);
begin
  if pg_catalog.cardinality(v_ids) > 0 then
    perform private.fail(
      'conflict', 'This account owns communities: hand them over or delete them first.', 409,
      pg_catalog.jsonb_build_object('communities', pg_catalog.to_jsonb(v_ids [1:20]), 'count', pg_catalog.cardinality(v_ids))
    );
  end if;
end
$$;

revoke all on function private.require_no_community(uuid) from public, anon, authenticated, service_role;

-- The same is said where somebody deletes the account in the auth service; behind it stands the foreign key.
create function private.require_no_community_before_account_ends()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_no_community(old.id);
  return old;
end
$$;

revoke all on function private.require_no_community_before_account_ends() from public, anon, authenticated, service_role;

create trigger access_require_no_community
before delete on public.profiles
for each row execute function private.require_no_community_before_account_ends();
