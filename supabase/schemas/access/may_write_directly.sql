-- may_write_directly: whether somebody takes direct messages of somebody else. The recipient's choice, and nothing that the
-- recipient has blocked: whoever is blocked is answered as before.
create function private.may_write_directly(p_sender_id uuid, p_recipient_id uuid)
returns boolean
language plpgsql stable security definer set search_path = ''
as $$
declare
  v_choice text := private.direct_from(p_recipient_id);
begin
  return v_choice <> 'nobody' and (
    private.are_friends(p_recipient_id, p_sender_id)
    or v_choice = 'members' and private.shares_community(p_sender_id, p_recipient_id)
  );
end
$$;

revoke all on function private.may_write_directly(uuid, uuid) from public, anon, authenticated, service_role;
