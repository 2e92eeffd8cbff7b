-- access_classes: members who hold the same roles see the same thing, so rights are resolved once per class.
-- A class is a community, a set of granted roles (sorted, without the default role), and a member of its own only where
-- that member is the owner or has personal overwrites. permissions is the class's mask in the community as a whole.
create table private.access_classes (
  id uuid primary key default private.uuid_v7(),
  community_id uuid not null references public.communities (id) on delete cascade,
  role_ids uuid[] not null,
  member_id uuid references public.profiles (id) on delete cascade,
  permissions bigint not null default 0,
  topic_epoch bigint not null default 1,
  unique nulls not distinct (community_id, role_ids, member_id),
  -- What community_members points at, so that a class can never belong to a member of another community.
  unique (community_id, id)
);

create index access_classes_member_id on private.access_classes (member_id) where member_id is not null;

revoke all on table private.access_classes from public, anon, authenticated, service_role;
