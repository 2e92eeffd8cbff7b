-- voice_sfu_rooms: rooms of the SFU in which somebody may be. Each is looked at every 15 seconds, and who is in it is compared with the
-- sessions (compare_voice_sfu_room).
-- A token for the SFU works until it ends, and the SFU gives everybody who is connected new ones, good for ten minutes, without asking
-- anybody. So whoever was removed may come back, if only for a moment, and have a fresh one then. Repeating each removal for as long as the
-- first tokens last would not end that; comparing does, whatever they hold, and it costs the same however many came and went.
-- A room is looked at until 17 minutes after the last token of ours for it (five in which it is used, a minute by which clocks may differ,
-- ten of the SFU's own and another minute) and until 12 minutes after somebody was last seen in it. Later nobody is there but who comes
-- back unseen, alone: the next token that anybody is given for the room has it looked at again.
create table private.voice_sfu_rooms (
  -- The channel's id. It may be gone already.
  room uuid primary key,
  watched_until timestamptz not null,
  look_at timestamptz not null default pg_catalog.clock_timestamp() + interval '15 seconds',
  -- Since when no look has succeeded.
  failing_since timestamptz,
  last_error text
);

create index voice_sfu_rooms_look_at on private.voice_sfu_rooms (look_at);

revoke all on table private.voice_sfu_rooms from public, anon, authenticated, service_role;

-- What is to be looked at now.
create view private.due_voice_sfu_rooms as
select r.* from private.voice_sfu_rooms r
where r.look_at <= pg_catalog.clock_timestamp() and r.watched_until > pg_catalog.clock_timestamp();

revoke all on table private.due_voice_sfu_rooms from public, anon, authenticated, service_role;
