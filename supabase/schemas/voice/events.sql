-- A participant is as list_voice and get_voice give it.
insert into private.topic_events (prefix, event, description) values
  ('voice', 'roster_changed', 'Somebody came, changed or went. Payload: channel_id, revision (one more than before), present (participants that came or changed), left (session ids)'),
  ('voice', 'moved', 'Last event on this name: somebody may connect no longer. Ask renew_voice or get_voice for the new one. Payload: channel_id'),
  ('user', 'webrtc-signal', 'Somebody in the same voice channel signals to you. Payload: channel_id, from_user_id, from_session_id, to_session_id (null: all of yours in the channel), kind, payload'),
  ('user', 'voice_session_moved', 'A moderator moved you. Payload: channel_id, session_id, to_channel_id, to_session_id'),
  ('user', 'voice_session_ended', 'A moderator disconnected you. Payload: channel_id, session_ids');
