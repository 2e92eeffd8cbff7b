-- store_link_preview: what was found behind a message's link, from the Edge Function link-previews. It is a change of the
-- message like any other: the community's lock, the channel's head, the row, the feed (see begin_message_change). An edit,
-- a deletion or a ban that came meanwhile has the last word, and one claim is answered once.
-- The message before its request, as where it is deleted and edited, so that none of them waits for another crosswise.
create function private.store_link_preview(p_channel_id uuid, p_seq bigint, p_url text, p_preview jsonb)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_preview jsonb := private.require_link_preview(p_url, p_preview);
  v_message public.messages;
begin
  perform private.hold_access(h.community_id)
  from private.channel_heads h
  where h.channel_id = p_channel_id and h.deleted_at is null;
  if not found then
    return false;
  end if;
  perform from private.channel_heads h where h.channel_id = p_channel_id and h.deleted_at is null for no key update;
  -- Deleted while the lock was waited for.
  if not found then
    return false;
  end if;
  if not exists (
    select from private.link_preview_requests r where r.channel_id = p_channel_id and r.seq = p_seq and r.url = p_url
  ) then
    return false;
  end if;

  update public.messages m
  set preview = v_preview, revision = private.next_revision(p_channel_id)
  where m.channel_id = p_channel_id and m.seq = p_seq
    and v_preview is not null
    and not private.is_hidden(m.channel_id, m.author_id, m.created_at)
  returning m.* into v_message;
  delete from private.link_preview_requests r where r.channel_id = p_channel_id and r.seq = p_seq;

  -- What is known already stays as old as it is.
  insert into private.link_previews as k (url_hash, preview)
  values (pg_catalog.sha256(pg_catalog.convert_to(p_url, 'UTF8')), v_preview)
  on conflict (url_hash) do update
    set preview = excluded.preview, fetched_at = excluded.fetched_at
    where not private.is_known_link(k);

  if v_message.seq is null then
    return false;
  end if;
  perform private.tell_change('previewed', v_message);
  return true;
end
$$;

revoke all on function private.store_link_preview(uuid, bigint, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function private.store_link_preview(uuid, bigint, text, jsonb) to service_role;

create function public.store_link_preview(p_channel_id uuid, p_seq bigint, p_url text, p_preview jsonb)
returns boolean
language sql volatile security invoker set search_path = '' set statement_timeout = '2s'
as $$ select private.store_link_preview(p_channel_id, p_seq, p_url, p_preview); $$;

comment on function public.store_link_preview(uuid, bigint, text, jsonb) is
$$Answers a link that `claim_link_previews` gave out, and says whether the message shows the preview now: not where there is
nothing to show, where the message is gone, hidden or has another link, and where it was answered already. Needs the secret key.
@param p_url the link as it was given out
@param p_preview {{ title?: string | null; description?: string | null; site_name?: string | null; image_url?: string | null } | null} up to 256, 512,
100 and 2,048 characters; null: there is nothing to show
@errors invalid_argument$$;

revoke all on function public.store_link_preview(uuid, bigint, text, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.store_link_preview(uuid, bigint, text, jsonb) to service_role;
