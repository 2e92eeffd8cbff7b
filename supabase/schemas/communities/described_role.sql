-- described_role: a role as clients see it: with its permissions as names. The mask of public.roles stays inside.
create type public.described_role as (
  community_id uuid,
  id uuid,
  name text,
  position integer,
  is_default boolean,
  permissions text[],
  color integer,
  created_at timestamptz
);

comment on type public.described_role is $$A role of a community with its permissions.
@not_null community_id, id, name, position, is_default, permissions, color, created_at$$;
comment on column public.described_role.position is 'Place in the hierarchy: 0 is the default role, higher is stronger.';
comment on column public.described_role.permissions is 'Keys of permissions_catalog.';
comment on column public.described_role.color is 'As 0xRRGGBB; 0: none of its own.';

create function private.describe_role(p_role public.roles)
returns public.described_role
language sql stable security definer set search_path = ''
as $$
  select row(
    p_role.community_id, p_role.id, p_role.name, p_role.position, p_role.is_default,
    private.permission_keys(p_role.permissions), p_role.color, p_role.created_at
  )::public.described_role;
$$;

revoke all on type public.described_role from public, anon, authenticated, service_role;
grant usage on type public.described_role to authenticated;
revoke all on function private.describe_role(public.roles) from public, anon, authenticated, service_role;
