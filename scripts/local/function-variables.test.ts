import { expect, test } from 'vitest';
import { functionVariables } from './function-variables.ts';

test('functions get the settings of services, and nothing else of whoever starts the stack', () => {
  const theirs = {
    GUILDHALL_ICE_PROVIDER: 'coturn',
    GUILDHALL_ICE_TTL_SECONDS: '600',
    GUILDHALL_STUN_URLS: 'stun:a',
    GUILDHALL_TURN_URLS: 'turn:a',
    GUILDHALL_TURN_SECRET: 'word',
    GUILDHALL_CLOUDFLARE_TURN_KEY_ID: 'a',
    GUILDHALL_XIRSYS_CHANNEL: '',
    LIVEKIT_URL: 'wss://a',
  };
  const others = {
    HOME: '/home/somebody',
    GUILDHALL_STATE: '/tmp',
    GUILDHALL_FUNCTIONS_SECRET: 'word',
    GUILDHALL_DATABASE_URL: 'postgresql://a',
    SUPABASE_URL: 'http://a',
    SUPABASE_SECRET_KEYS: '{}',
    GUILDHALL_TURN_UNSET: undefined,
    MY_LIVEKIT_URL: 'wss://a',
  };
  expect(functionVariables({ ...theirs, ...others })).toEqual(theirs);
});
