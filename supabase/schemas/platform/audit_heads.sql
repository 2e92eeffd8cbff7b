-- audit_heads: the last row of each community's log. Its lock puts writers in a row, and a log whose end was cut off is
-- told by what stands here.
create table private.audit_heads (
  community_id uuid primary key,
  number bigint not null,
  hash text not null
);

revoke all on table private.audit_heads from public, anon, authenticated, service_role;
