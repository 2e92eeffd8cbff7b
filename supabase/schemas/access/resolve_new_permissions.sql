-- resolve_new_permissions: what owners and administrators hold is stored, so a permission that comes with a later version is
-- given to them when its row does. Nobody resolves meanwhile: that reads the catalog, and waits for this.
create function private.resolve_new_permissions()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  lock table public.permissions_catalog in access exclusive mode;
  perform private.resolve_access(c.id) from public.communities c;
  return null;
end
$$;

revoke all on function private.resolve_new_permissions() from public, anon, authenticated, service_role;

create trigger resolve_new_permissions
after insert on public.permissions_catalog
for each statement execute function private.resolve_new_permissions();
