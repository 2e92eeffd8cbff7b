-- A room's topic moves with the channel's and the community's epochs. Those in it hear that as the old name's last word, and need
-- no other topic for it; where nobody is in it nothing is sent, and who only looks on hears of it from the community.
create function private.move_voice_topic_of_channel()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'voice:' || old.community_id || ':' || old.id || ':' || c.topic_epoch || '-' || old.topic_epoch, 'moved',
    pg_catalog.jsonb_build_object('channel_id', old.id)
  )
  from public.communities c
  where c.id = old.community_id and exists (select from private.voice_sessions s where s.channel_id = old.id);
  return null;
end
$$;

revoke all on function private.move_voice_topic_of_channel() from public, anon, authenticated, service_role;

create trigger voice_move_topic_of_channel
after update of topic_epoch on public.channels
for each row when (old.kind = 'voice' and old.topic_epoch <> new.topic_epoch)
execute function private.move_voice_topic_of_channel();

create function private.move_voice_topics_of_community()
returns trigger
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform private.broadcast(
    'voice:' || old.id || ':' || c.id || ':' || old.topic_epoch || '-' || c.topic_epoch, 'moved',
    pg_catalog.jsonb_build_object('channel_id', c.id)
  )
  from private.voice_rooms r
  join public.channels c on c.id = r.channel_id
  where r.community_id = old.id and exists (select from private.voice_sessions s where s.channel_id = r.channel_id);
  return null;
end
$$;

revoke all on function private.move_voice_topics_of_community() from public, anon, authenticated, service_role;

create trigger voice_move_topics_of_community
after update of topic_epoch on public.communities
for each row when (old.topic_epoch <> new.topic_epoch)
execute function private.move_voice_topics_of_community();
