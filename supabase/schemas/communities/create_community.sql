-- create_community: a community with its owner, its default role, a group and a first channel to talk in.
-- Limits: community_create per user.
create function private.create_community(p_name text)
returns public.communities
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_user_id uuid := private.require_account();
  v_name text := private.require_name(p_name);
  v_community public.communities;
  v_group_id uuid;
begin
  perform private.take_token('community_create', v_user_id::text);

  insert into public.communities (name, owner_id) values (v_name, v_user_id) returning * into v_community;

  insert into public.roles (community_id, name, position, permissions)
  values (
    v_community.id, 'everyone', 0,
    private.permission_mask(
      'view_channel', 'read_history', 'send_messages', 'send_in_threads', 'create_threads', 'attach_files',
      'embed_links', 'add_reactions', 'create_invite', 'connect', 'speak', 'stream'
    )
  );

  insert into public.channel_groups (community_id, name, position)
  values (v_community.id, 'Text channels', 0)
  returning id into v_group_id;

  perform private.add_channel(v_community.id, 'general', 'text', v_group_id);
  perform private.add_member(v_community.id, v_user_id);
  return v_community;
end
$$;

revoke all on function private.create_community(text) from public, anon, authenticated, service_role;
grant execute on function private.create_community(text) to authenticated;

create function public.create_community(p_name text)
returns public.communities
language sql volatile security invoker set search_path = ''
as $$ select private.create_community(p_name); $$;

comment on function public.create_community(text) is
$$Creates a community owned by the caller, with its default role `everyone`, a group and a text channel `general`.
@param p_name 1 to 100 characters
@errors session_required, invalid_argument, rate_limited$$;

revoke all on function public.create_community(text) from public, anon, authenticated, service_role;
grant execute on function public.create_community(text) to authenticated;
