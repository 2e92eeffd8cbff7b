insert into private.recorded_operations (name, description) values
  ('voice_ice.issue', 'Servers and credentials for a voice channel are asked for'),
  ('voice_ice.provider', 'What the provider of TURN credentials did: its failures leave a call with STUN alone'),
  ('voice_token', 'A token for the SFU is asked for'),
  ('voice_sfu.remove', 'A session that is over is removed from the SFU'),
  ('voice_sfu.update', 'What a session may publish is changed at the SFU'),
  ('voice_sfu.look', 'A room of the SFU is compared with the sessions');
