-- rights: what the rule gives in one place, with every tier's part in it. A place is a channel, or a group, asked as if
-- it were a text channel synced with it.
create type private.rights as (
  place_id uuid,
  base bigint,
  default_deny bigint,
  default_allow bigint,
  roles_deny bigint,
  roles_allow bigint,
  member_deny bigint,
  member_allow bigint,
  permissions bigint
);

revoke all on type private.rights from public, anon, authenticated, service_role;
