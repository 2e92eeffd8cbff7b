-- link_external_identity: Gate: the secret key.
create function private.link_external_identity(p_user_id uuid, p_provider text, p_external_id text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_provider(p_provider);
  if p_external_id is null or p_external_id !~ '^[A-Za-z0-9-]{1,64}$' then
    perform private.fail(
      'invalid_argument', 'An external id has 1 to 64 of A-Z, a-z, 0-9 and the hyphen.', 422,
      pg_catalog.jsonb_build_object('field', 'p_external_id')
    );
  end if;
  perform from public.profiles p where p.id = p_user_id for key share;
  if not found then
    perform private.fail('not_found', 'There is no such user.', 404, pg_catalog.jsonb_build_object('field', 'p_user_id'));
  end if;

  -- Of two that race, the second waits here, and finds what the first has linked.
  insert into private.external_identities (provider, external_id, user_id) values (p_provider, p_external_id, p_user_id)
  on conflict do nothing;
  if found or private.user_of_external_id(p_provider, p_external_id) = p_user_id then
    return;
  end if;
  if private.external_id_of(p_provider, p_user_id) is not null then
    perform private.fail(
      'conflict', 'This user has another id there: unlink it first.', 409, pg_catalog.jsonb_build_object('field', 'p_user_id')
    );
  end if;
  perform private.fail(
    'conflict', 'This id is somebody else''s: unlink it first.', 409, pg_catalog.jsonb_build_object('field', 'p_external_id')
  );
end
$$;

revoke all on function private.link_external_identity(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function private.link_external_identity(uuid, text, text) to service_role;

create function public.link_external_identity(p_user_id uuid, p_provider text, p_external_id text)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.link_external_identity(p_user_id, p_provider, p_external_id); $$;

comment on function public.link_external_identity(uuid, text, text) is
$$Says who a user is in another system. One id is one user's there, and a user has one: `conflict`, until `unlink_external_identity`.
Needs the secret key: whoever may call it decides who is who.
@param p_provider the system: 1 to 32 of a-z, 0-9 and `_`, the first a letter. The chat gateway's is `mongo`
@param p_external_id the user's id there: 1 to 64 of A-Z, a-z, 0-9 and `-`
@errors not_found, conflict, invalid_argument
@idempotent
@sdk linkExternalIdentity$$;

revoke all on function public.link_external_identity(uuid, text, text) from public, anon, authenticated, service_role;
grant execute on function public.link_external_identity(uuid, text, text) to service_role;

create function private.require_provider(p_provider text)
returns void
language plpgsql immutable security definer set search_path = ''
as $$
begin
  if p_provider is null or p_provider !~ '^[a-z][a-z0-9_]{0,31}$' then
    perform private.fail(
      'invalid_argument', 'A provider has 1 to 32 of a-z, 0-9 and the underscore, the first a letter.', 422,
      pg_catalog.jsonb_build_object('field', 'p_provider')
    );
  end if;
end
$$;

revoke all on function private.require_provider(text) from public, anon, authenticated, service_role;
