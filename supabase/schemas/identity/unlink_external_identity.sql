-- unlink_external_identity: Gate: the secret key. What follows from it: see former_external_identities.
create function private.unlink_external_identity(p_user_id uuid, p_provider text)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.require_provider(p_provider);
  delete from private.external_identities e where e.user_id = p_user_id and e.provider = p_provider;
end
$$;

revoke all on function private.unlink_external_identity(uuid, text) from public, anon, authenticated, service_role;
grant execute on function private.unlink_external_identity(uuid, text) to service_role;

create function public.unlink_external_identity(p_user_id uuid, p_provider text)
returns void
language sql volatile security invoker set search_path = ''
as $$ select private.unlink_external_identity(p_user_id, p_provider); $$;

comment on function public.unlink_external_identity(uuid, text) is
$$Takes a user's id in another system away, whichever it is; nothing happens where there is none. What they wrote stays theirs. Chats
with them are not shown by external ids any more. Should the id become somebody else's, their chats are not told live for 4 days.
Needs the secret key.
@param p_provider as in `link_external_identity`
@errors invalid_argument
@idempotent
@sdk unlinkExternalIdentity$$;

revoke all on function public.unlink_external_identity(uuid, text) from public, anon, authenticated, service_role;
grant execute on function public.unlink_external_identity(uuid, text) to service_role;
