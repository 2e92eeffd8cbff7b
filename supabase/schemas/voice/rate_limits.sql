insert into private.rate_limit_catalog (key, capacity, period, description) values
  ('voice_join', 30, '5 minutes', 'Joins of voice, per user: flitting through the channels passes; each is told to all who are in one'),
  ('voice_state', 60, '1 minute', 'Changes of one''s own mute and deafen, per user: a key held down passes for a minute; each is told to all in the channel'),
  ('voice_signal', 300, '30 seconds', 'Signals sent to others in voice, per user: joining a full room at once passes, and two rooms from two devices'),
  ('voice_signal_bytes', 524288, '1 minute', 'What these signals carry, per user: 80 descriptions of sound, camera and screen pass; broadcasts are kept for three days'),
  ('voice_ice', 30, '10 minutes', 'Times somebody asks for ICE servers, per user: three devices that flit through the channels pass; each may cost at a provider'),
  ('voice_token', 60, '10 minutes', 'Tokens for the SFU, per user: three devices that flit through the channels and reconnect pass');
