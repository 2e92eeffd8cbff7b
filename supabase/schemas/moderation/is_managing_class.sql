-- is_managing_class: whether members of this class manage something of their community, as a whole or in one of its channels.
-- What is stored is enough: a grant that has ended and is not swept yet still counts, so in doubt they do.
create function private.is_managing_class(p_access_class_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_managing bigint := private.permission_mask(
    'manage_threads', 'manage_messages', 'manage_invites', 'manage_channels', 'manage_roles', 'manage_community', 'kick_members',
    'ban_members', 'timeout_members', 'manage_reports', 'manage_webhooks', 'administrator'
  );
begin
  return exists (
    select from private.access_classes a where a.id = p_access_class_id and a.permissions & v_managing <> 0
  ) or exists (
    select from private.channel_access c where c.access_class_id = p_access_class_id and c.permissions & v_managing <> 0
  );
end
$$;

revoke all on function private.is_managing_class(uuid) from public, anon, authenticated, service_role;
