-- external_identities: who somebody is in another system, whose ids its frontends know. Only the operator says so, with the secret key
-- (see link_external_identity): whoever could link themselves could be anybody there.
-- One id is one user's, and a user has one in each system. No `_` in an id, so that two of them joined by one are told apart again.
create table private.external_identities (
  provider text not null check (provider ~ '^[a-z][a-z0-9_]{0,31}$'),
  external_id text not null check (external_id ~ '^[A-Za-z0-9-]{1,64}$'),
  user_id uuid not null references public.profiles (id) on delete cascade,
  linked_at timestamptz not null default pg_catalog.now(),
  primary key (provider, external_id),
  unique (user_id, provider)
);

revoke all on table private.external_identities from public, anon, authenticated, service_role;

-- Who has this id; null: nobody.
create function private.user_of_external_id(p_provider text, p_external_id text)
returns uuid
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select e.user_id from private.external_identities e
    where e.provider = p_provider and e.external_id = p_external_id
  );
end
$$;

revoke all on function private.user_of_external_id(text, text) from public, anon, authenticated, service_role;

-- Which id somebody has; null: none.
create function private.external_id_of(p_provider text, p_user_id uuid)
returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select e.external_id from private.external_identities e
    where e.user_id = p_user_id and e.provider = p_provider
  );
end
$$;

revoke all on function private.external_id_of(text, uuid) from public, anon, authenticated, service_role;

-- An account that is ending is linked no more.
create trigger identity_refuse_ending_account
before insert or update of user_id on private.external_identities
for each row execute function private.refuse_ending_account('user_id');
