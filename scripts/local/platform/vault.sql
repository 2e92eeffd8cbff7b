-- Schema vault: secrets that are ciphertext in the table and in every dump of it.
--
-- A hosted project keeps the key outside of the database. Here it is made on first set-up and kept in a table that nobody
-- is granted, so a reader of vault.secrets learns nothing. (The migration role reads every table as it does on a hosted
-- project, but it may read every secret in clear there too.) Each secret is encrypted with AES-256 under
-- its own nonce and sealed with an HMAC over its id, so that ciphertexts cannot be changed or moved to another row.

create schema if not exists vault;
alter schema vault owner to supabase_admin;
grant usage on schema vault to postgres, service_role;

create table if not exists platform_shim.vault_keys (
  only_one boolean primary key default true check (only_one),
  cipher_key bytea not null default extensions.gen_random_bytes(32),
  seal_key bytea not null default extensions.gen_random_bytes(32)
);
revoke all on platform_shim.vault_keys from public;
insert into platform_shim.vault_keys default values on conflict do nothing;

create table if not exists vault.secrets (
  id uuid primary key default gen_random_uuid(),
  name text,
  description text not null default '',
  secret text not null,
  key_id uuid,
  nonce bytea,
  created_at timestamptz not null default current_timestamp,
  updated_at timestamptz not null default current_timestamp
);
create unique index if not exists secrets_name_index on vault.secrets (name) where name is not null;
comment on column vault.secrets.secret is 'Ciphertext and seal, base64.';
comment on column vault.secrets.key_id is 'Unused.';

create or replace function platform_shim.vault_encrypt(p_id uuid, p_secret text, p_nonce bytea)
returns text
language sql
stable
set search_path = ''
as $$
  select pg_catalog.replace(
    pg_catalog.encode(
      ciphertext || extensions.hmac(pg_catalog.uuid_send(p_id) || p_nonce || ciphertext, seal_key, 'sha256'),
      'base64'
    ),
    E'\n', ''
  )
  from platform_shim.vault_keys
  cross join lateral (
    select extensions.encrypt_iv(
      pg_catalog.convert_to(p_secret, 'UTF8'), cipher_key, p_nonce, 'aes-cbc/pad:pkcs'
    )
  ) as encrypted (ciphertext)
$$;
revoke all on function platform_shim.vault_encrypt from public;

-- The view below runs it for its reader, so it needs the key's owner's rights and a grant to those readers.
create or replace function vault.decrypt_secret(p_id uuid, p_secret text, p_nonce bytea) returns text
language plpgsql
stable
security definer
set search_path = ''
as $$
declare
  sealed bytea := pg_catalog.decode(p_secret, 'base64');
  ciphertext bytea := pg_catalog.substr(sealed, 1, pg_catalog.length(sealed) - 32);
  keys platform_shim.vault_keys;
begin
  select * into strict keys from platform_shim.vault_keys;
  if extensions.hmac(pg_catalog.uuid_send(p_id) || p_nonce || ciphertext, keys.seal_key, 'sha256')
    is distinct from pg_catalog.substr(sealed, pg_catalog.length(sealed) - 31)
  then
    raise exception 'secret % was changed outside of the vault', p_id using errcode = 'data_corrupted';
  end if;
  return pg_catalog.convert_from(
    extensions.decrypt_iv(ciphertext, keys.cipher_key, p_nonce, 'aes-cbc/pad:pkcs'), 'UTF8'
  );
end
$$;

create or replace function vault.create_secret(
  new_secret text,
  new_name text default null,
  new_description text default '',
  new_key_id uuid default null
) returns uuid
language sql
volatile
security definer
set search_path = ''
as $$
  with made as (
    select pg_catalog.gen_random_uuid() as id, extensions.gen_random_bytes(16) as nonce
  )
  insert into vault.secrets (id, name, description, secret, nonce)
  select id, new_name, new_description, platform_shim.vault_encrypt(id, new_secret, nonce), nonce
  from made
  returning id
$$;

-- What is left null stays as it is.
create or replace function vault.update_secret(
  secret_id uuid,
  new_secret text default null,
  new_name text default null,
  new_description text default null,
  new_key_id uuid default null
) returns void
language sql
volatile
security definer
set search_path = ''
as $$
  with made as (
    select
      case
        when new_secret is null then secrets.nonce
        else extensions.gen_random_bytes(16)
      end as nonce
    from vault.secrets
    where secrets.id = secret_id
  )
  update vault.secrets
  set
    secret = case
      when new_secret is null then secrets.secret
      else platform_shim.vault_encrypt(secret_id, new_secret, made.nonce)
    end,
    nonce = made.nonce,
    name = coalesce(new_name, secrets.name),
    description = coalesce(new_description, secrets.description),
    updated_at = pg_catalog.now()
  from made
  where secrets.id = secret_id
$$;

create or replace view vault.decrypted_secrets as
select
  id,
  name,
  description,
  secret,
  vault.decrypt_secret(id, secret, nonce) as decrypted_secret,
  key_id,
  nonce,
  created_at,
  updated_at
from vault.secrets;

revoke all on vault.secrets, vault.decrypted_secrets from public;
revoke all on function vault.decrypt_secret, vault.create_secret, vault.update_secret from public;
grant select, delete on vault.secrets, vault.decrypted_secrets to postgres, service_role;
grant execute on function vault.decrypt_secret, vault.create_secret, vault.update_secret
  to postgres, service_role;

select platform_shim.stand_in_for_extension('supabase_vault', 'vault', '0.3.1');
