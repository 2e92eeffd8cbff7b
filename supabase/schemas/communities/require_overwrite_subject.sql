-- require_overwrite_subject: whom an overwrite is about: a role or a member of this community, strictly below the caller.
-- So nobody overwrites what holds for oneself. Whoever has left stands below everybody: nothing new is said about them, but
-- what is said already may be taken back or copied (p_may_be_gone).
create function private.require_overwrite_subject(
  p_community_id uuid,
  p_subject_kind text,
  p_subject_id uuid,
  p_may_be_gone boolean
)
returns void
language plpgsql stable security definer set search_path = ''
as $$
begin
  if p_subject_kind = 'role' then
    perform private.require_above_role(p_community_id, p_subject_id);
  elsif p_subject_kind = 'member' then
    if p_may_be_gone and private.member_rank(p_community_id, p_subject_id) is null then
      return;
    end if;
    perform private.require_above_member(p_community_id, p_subject_id);
  else
    perform private.fail(
      'invalid_argument', 'An overwrite is about a ''role'' or a ''member''.', 422,
      pg_catalog.jsonb_build_object('field', 'p_subject_kind')
    );
  end if;
end
$$;

revoke all on function private.require_overwrite_subject(uuid, text, uuid, boolean)
from public, anon, authenticated, service_role;
