-- queue_link_preview: has the first link of a message that was just written looked at, where its author may have that, and
-- forgets the one it had before. A link that waits already keeps its place, and one that has its preview needs none.
create function private.queue_link_preview(p_message public.messages, p_held bigint)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_link text := private.first_link(p_message.body);
begin
  if v_link is null or p_message.preview is not null or p_held & private.permission_mask('embed_links') = 0 then
    delete from private.link_preview_requests r where r.channel_id = p_message.channel_id and r.seq = p_message.seq;
  else
    -- Whoever writes chooses whose server is visited. Beyond the limit there is no preview, and the message is sent all the same.
    begin
      perform private.take_token('link_preview', p_message.author_id::text);
    exception when sqlstate 'PT429' then
      delete from private.link_preview_requests r where r.channel_id = p_message.channel_id and r.seq = p_message.seq;
      return;
    end;
    insert into private.link_preview_requests as r (channel_id, seq, url)
    values (p_message.channel_id, p_message.seq, v_link)
    on conflict (channel_id, seq) do update
      set url = excluded.url, tries = excluded.tries, claimable_at = excluded.claimable_at
      where r.url <> excluded.url;
  end if;
end
$$;

revoke all on function private.queue_link_preview(public.messages, bigint) from public, anon, authenticated, service_role;
